// A text that becomes a number.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, best: 'none' }),
    (s, r) => {
      s.best = r.value;
    },
  ),
);
