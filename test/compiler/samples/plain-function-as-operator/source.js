// A function where an operator belongs.
readings.stage((r) => ({ id: r.id }));
