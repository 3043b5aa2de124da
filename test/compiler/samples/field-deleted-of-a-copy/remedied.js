// A copy of the record with a field taken out.
readings.stage(
  map((r) => {
    const { samples, ...out } = r;
    return out;
  }),
);
