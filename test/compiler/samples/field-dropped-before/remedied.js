// A field that the operator before left out.
readings.stage(
  map((r) => ({ id: r.id, val: r.value })),
  filter((r) => r.val > 3),
);
