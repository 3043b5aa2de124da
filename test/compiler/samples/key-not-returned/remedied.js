// A key that is not returned.
readings.stage(
  pairwiseBy((r) => {
    return r.id;
  }),
);
