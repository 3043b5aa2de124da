// A table of using as a place to count.
readings.stage(
  map(
    (r, { counts }) => {
      counts[r.id] += 1;
      return { id: r.id, count: counts[r.id] };
    },
    { using: { counts: [0, 0, 0] } },
  ),
);
