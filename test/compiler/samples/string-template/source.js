// A template.
readings.stage(map((r) => ({ line: `${r.name}: ${r.value}` })));
