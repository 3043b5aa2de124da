// A promise within a stage.
readings.stage(
  step((r, _state, emit) => {
    Promise.resolve(r).then(emit);
  }),
);
