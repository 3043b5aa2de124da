// A history in the state, pushed to.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, history: [] }),
    (s, r) => {
      s.history.push(r.value);
    },
  ),
);
