// A condition and a projection.
readings.stage(
  filter((r) => r.value > 2),
  map((r) => ({ id: r.id, double: r.value * 2 })),
);
