// A state replaced by assignment.
readings.stage(
  step((r, state, emit) => {
    if (!state.exists || r.value > state.value.best) state.set({ best: r.value });
    emit(r);
  }),
);
