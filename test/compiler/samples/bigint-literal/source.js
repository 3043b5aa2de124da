// A bigint literal alone.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, n: 0n }),
    (s) => {
      s.n += 1n;
    },
  ),
);
