// None, one or two records for each.
readings.stage(
  step((r, _state, emit) => {
    if (r.value < 2) return;
    emit({ id: r.id, part: r.value / 2 });
    if (r.ok) emit({ id: r.id, part: -r.value / 2 });
  }),
);
