// A record changed on its way.
readings.stage(
  map((r) => {
    const copy = { ...r };
    copy.value *= 2;
    return copy;
  }),
);
