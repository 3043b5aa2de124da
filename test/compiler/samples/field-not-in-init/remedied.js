// A field of the state that only the update writes.
readings.stage(
  stateful(
  (r) => r.id,
  (r) => ({ id: r.id, last: r.value, max: 0 }),
  (s, r) => {
    s.last = r.value;
    s.max = Math.max(s.max, r.value);
  },
),
);
