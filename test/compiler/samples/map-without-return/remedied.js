// A body that forgets to return.
readings.stage(
  map((r) => {
    const double = r.value * 2;
    return ({ id: r.id, double });
  }),
);
