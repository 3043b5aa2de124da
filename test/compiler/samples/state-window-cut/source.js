// The length of a window in the state, assigned.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, last: [0, 0, r.value] }),
    (s, r) => {
      s.last.length = 0;
      s.last[0] = r.value;
    },
  ),
);
