// A bigint literal alone.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, n: BigInt.asIntN(64, 0n) }),
    (s) => {
      s.n += 1n;
    },
  ),
);
