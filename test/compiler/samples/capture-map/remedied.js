// A Map of thresholds.
const limits = new Map([[1, 3], [2, 5]]);
readings.stage(filter(
  (r, { limits }) => r.value > (limits[r.id] ?? 0),
  { using: { limits: Object.fromEntries(limits) } },
));
