// A key and a comparison that both see the module.
const width = 50;
const jump = 1.1;
readings.stage(
  delta(
    (r) => [r.id, Math.floor(r.ts / width)],
    (curr, prev) => prev && curr.value < prev.value * jump && { id: curr.id, drop: prev.value - curr.value },
    { maxKeys: 100 },
  ),
);
