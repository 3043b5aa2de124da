// The record before, changed.
readings.stage(
  delta(
    (r) => r.id,
    (curr, prev) => {
      if (!prev) return undefined;
      prev.value -= 1;
      return { id: curr.id, rise: curr.value - prev.value };
    },
  ),
);
