// A function of an object of functions.
const stats = { mean: (a, b) => (a + b) / 2 };
readings.stage(map(
  (r, { mean }) => ({ id: r.id, mean: mean(r.value, r.samples[1]) }),
  { using: { mean: stats.mean } },
));
