// A record changed on its way.
readings.stage(
  map((r) => {
    r.value *= 2;
    return r;
  }),
);
