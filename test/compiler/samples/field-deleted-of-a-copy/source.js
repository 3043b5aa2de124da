// A copy of the record with a field taken out.
readings.stage(
  map((r) => {
    const out = { ...r };
    delete out.samples;
    return out;
  }),
);
