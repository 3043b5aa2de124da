// Every second record, by an index that RxJS passes.
readings.stage(step(
  (r, state, emit) => {
    const index = state.value.count++;
    if ((index % 2 === 0)) emit(r);
  },
  { seed: { count: 0 } },
));
