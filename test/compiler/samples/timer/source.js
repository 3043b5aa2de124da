// A timer within a stage.
readings.stage(
  step((r, _state, emit) => {
    setTimeout(() => emit({ id: r.id }), 10);
  }),
);
