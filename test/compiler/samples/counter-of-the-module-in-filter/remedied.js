// A counter of the module in a predicate.
let seen = 0;
readings.stage(step(
  (r, state, emit) => {
    const predicate = (r) => ++state.value.seen % 2 === 1;
    if (predicate(r)) emit(r);
  },
  { seed: { seen } },
));
