// A timer within a stage.
readings.stage(
  step((r, _state, emit) => {
    emit({ id: r.id });
  }),
).pipe(rx.delay(1));
