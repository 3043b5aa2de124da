// An array with a computed index, and a loop.
readings.stage(
  map((r) => {
    let sum = 0;
    for (const x of r.samples) sum += x;
    return { id: r.id, sum, one: r.samples[r.id] };
  }),
);
