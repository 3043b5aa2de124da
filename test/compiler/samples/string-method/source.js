// A method of strings.
readings.stage(map((r) => ({ id: r.id, name: r.name.toUpperCase() })));
