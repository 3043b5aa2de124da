// A template.
readings.stage(map((r) => ({ line: { name: r.name, value: r.value } })));
