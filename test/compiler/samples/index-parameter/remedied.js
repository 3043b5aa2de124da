// The index that RxJS passes.
readings.stage(step(
  (r, state, emit) => {
    const i = state.value.count++;
    emit({ id: r.id, i });
  },
  { seed: { count: 0 } },
));
