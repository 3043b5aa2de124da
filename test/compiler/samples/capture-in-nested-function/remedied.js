// A callback within the function captures.
const limit = 1;
readings.stage(map(
  (r, { limit }) => ({ id: r.id, high: r.samples.some((x) => x > limit) }),
  { using: { limit } },
));
