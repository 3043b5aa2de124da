// A running average for each id.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, avg: r.value, count: 1 }),
    (s, r) => {
      s.avg = (s.avg * s.count + r.value) / (s.count + 1);
      s.count += 1;
    },
  ),
);
