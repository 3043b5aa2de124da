// A nested record and an array of the record changed.
readings.stage(
  map((r) => {
    r.pos.x += 1;
    r.samples[0] = 0;
    return r;
  }),
);
