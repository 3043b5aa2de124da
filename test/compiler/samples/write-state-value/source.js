// A state replaced by assignment.
readings.stage(
  step((r, state, emit) => {
    if (!state.exists || r.value > state.value.best) state.value = { best: r.value };
    emit(r);
  }),
);
