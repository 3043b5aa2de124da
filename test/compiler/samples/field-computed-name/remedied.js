// A field whose name is computed.
readings.stage(map((r) => ({ id: r.id, key: r.name, value: r.value })));
