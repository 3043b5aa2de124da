// A counter of the module, counted up.
let count = 0;
readings.stage(
  step(
  (r, state, emit) => {
    const project = (r) => {
      state.value.count += 1;
      return { id: r.id, count: state.value.count };
    };
    emit(project(r));
  },
  { seed: { count } },
),
);
