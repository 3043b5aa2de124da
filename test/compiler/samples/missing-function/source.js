// An operator that lacks its last function.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, count: 1 }),
  ),
);
