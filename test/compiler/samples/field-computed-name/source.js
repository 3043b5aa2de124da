// A field whose name is computed.
readings.stage(map((r) => ({ id: r.id, [r.name]: r.value })));
