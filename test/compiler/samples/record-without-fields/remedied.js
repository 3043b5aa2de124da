// A record that has no fields.
readings.stage(map((r) => ({ v: r.value })));
