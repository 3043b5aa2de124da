// A field that is a number or a boolean.
readings.stage(map((r) => ({ id: r.id, high: r.value > 3 && r.value })));
