// A history in the state, pushed to.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, history: [r.value, 0, 0], count: 1 }),
    (s, r) => {
      s.history[s.count % 3] = r.value;
      s.count += 1;
    },
  ),
);
