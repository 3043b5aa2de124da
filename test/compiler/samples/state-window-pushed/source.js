// A window in the state, pushed to.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, last: [0, 0, r.value] }),
    (s, r) => {
      s.last.push(r.value);
    },
  ),
);
