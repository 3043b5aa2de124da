// Braces that are a block, not a record.
readings.stage(map((r) => ({ value: r.value })));
