// A step that returns instead of emitting.
readings.stage(step((r, _state, emit) => emit({ id: r.id, double: r.value * 2 })));
