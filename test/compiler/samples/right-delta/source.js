// Rises of an id, by a live parameter.
const jump = engine.param(1.2);
readings.stage(
  delta(
    (r) => r.id,
    (curr, prev, { jump }) => prev && curr.value > prev.value * jump && { id: curr.id, from: prev.value, to: curr.value },
    { using: { jump } },
  ),
);
