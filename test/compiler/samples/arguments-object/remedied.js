// The arguments object.
readings.stage(
  map(function (record) {
    return { id: record.id };
  }),
);
