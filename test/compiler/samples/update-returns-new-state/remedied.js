// An update that returns the next state, as a reducer does.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, count: 1 }),
    (s, r) => (Object.assign(s, { ...s, count: s.count + 1 })),
  ),
);
