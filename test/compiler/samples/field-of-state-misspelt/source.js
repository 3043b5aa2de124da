// A field of the state with a wrong letter.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, total: r.value }),
    (s, r) => {
      s.totla += r.value;
    },
  ),
);
