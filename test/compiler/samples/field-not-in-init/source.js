// A field of the state that only the update writes.
readings.stage(
  stateful(
    (r) => r.id,
    (r) => ({ id: r.id, last: r.value }),
    (s, r) => {
      s.last = r.value;
      s.max = Math.max(s.max, r.value);
    },
  ),
);
