// A label put together.
readings.stage(map((r) => ({ label: { name: r.name, id: r.id }, value: r.value })));
