// A loop over names.
readings.stage(
  map((r) => {
    let total = 0;
    for (const name in r.pos) total += r.pos[name];
    return { id: r.id, total };
  }),
);
