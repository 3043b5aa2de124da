// A function of an object of functions.
const stats = { mean: (a, b) => (a + b) / 2 };
readings.stage(map((r) => ({ id: r.id, mean: stats.mean(r.value, r.samples[1]) })));
