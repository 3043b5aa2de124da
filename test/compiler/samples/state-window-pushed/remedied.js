// A window in the state, pushed to.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, last: [0, 0, r.value] }),
    (s, r) => {
      s.last = [...s.last.slice(1), r.value];
    },
  ),
);
