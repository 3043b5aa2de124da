// A function where an operator belongs.
readings.stage(map((r) => ({ id: r.id })));
