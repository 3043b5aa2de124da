// A label put together.
readings.stage(map((r) => ({ label: r.name + '#' + r.id, value: r.value })));
