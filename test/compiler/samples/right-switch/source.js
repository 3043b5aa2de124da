// A switch over texts, with a constant table.
readings.stage(
  map(
    (r, { weights }) => {
      switch (r.name) {
        case 'ann':
          return { id: r.id, weight: weights[0] };
        case 'bob':
          return { id: r.id, weight: weights[1] };
        default:
          return { id: r.id, weight: 0 };
      }
    },
    { using: { weights: [10, 20] } },
  ),
);
