// A number for a record.
readings.stage(map((r) => ({ value: r.value * 2 })));
