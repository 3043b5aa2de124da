// A step that returns instead of emitting.
readings.stage(step((r) => ({ id: r.id, double: r.value * 2 })));
