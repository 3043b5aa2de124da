// A nested record and an array of the record changed.
readings.stage(
  map((r) => {
    const copy = { ...r, pos: { ...r.pos }, samples: [...r.samples] };
    copy.pos.x += 1;
    copy.samples[0] = 0;
    return copy;
  }),
);
