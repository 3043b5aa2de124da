// A key that is not returned.
readings.stage(
  pairwiseBy((r) => {
    r.id;
  }),
);
