// A text that becomes a number.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, best: 0, known: false }),
    (s, r) => {
      s.best = r.value;
      s.known = true;
    },
  ),
);
