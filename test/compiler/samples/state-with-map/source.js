// A Map in the state.
readings.stage(
  scan(
    (s, r) => {
      s.counts.set(r.id, (s.counts.get(r.id) ?? 0) + 1);
      return s;
    },
    { counts: new Map() },
  ),
);
