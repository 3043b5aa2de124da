// A list that grows.
readings.stage(
  map((r) => {
    const high = [0, 0, 0];
    let count = 0;
    for (const x of r.samples) if (x > 1) high[count++] = x;
    return { id: r.id, high, count };
  }),
);
