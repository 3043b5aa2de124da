// A generator, to emit several.
readings.stage(
  step((r, _state, emit) => {
    emit({ id: r.id, value: r.value });
    if (r.ok) emit({ id: r.id, value: -r.value });
  }),
);
