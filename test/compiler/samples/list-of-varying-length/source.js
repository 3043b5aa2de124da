// A list that grows.
readings.stage(
  map((r) => {
    const high = [];
    for (const x of r.samples) if (x > 1) high.push(x);
    return { id: r.id, high };
  }),
);
