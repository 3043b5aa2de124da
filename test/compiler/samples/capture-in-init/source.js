// The start of a state captures, with a layout and a bound given.
const start = 100;
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, total: start + r.value }),
    (s, r) => {
      s.total += r.value;
    },
    { out: struct({ id: u32, total: f64 }), maxKeys: 10 },
  ),
);
