// The arguments object.
readings.stage(
  map(function () {
    return { id: arguments[0].id };
  }),
);
