// The record before, which is not there at first.
readings.stage(
  delta(
    (r) => r.id,
    (curr, prev) => ({ id: curr.id, rise: curr.value - prev.value }),
  ),
);
