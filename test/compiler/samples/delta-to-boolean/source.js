// Whether, instead of what.
readings.stage(
  delta(
    (r) => r.id,
    (curr, prev) => prev && curr.value > prev.value,
  ),
);
