// Pairs taken for tuples, as RxJS has them.
readings.stage(
  pairwise(),
  map(({ prev, curr }) => ({ rise: curr.value - prev.value })),
);
