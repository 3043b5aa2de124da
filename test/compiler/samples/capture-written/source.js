// A counter of the module, counted up.
let count = 0;
readings.stage(
  map((r) => {
    count += 1;
    return { id: r.id, count };
  }),
);
