// A promise within a stage.
readings.stage(
  step((r, _state, emit) => {
    emit(r);
  }),
).pipe(rx.tap((r) => void Promise.resolve(r)));
