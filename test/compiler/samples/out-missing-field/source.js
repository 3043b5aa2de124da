// A declared layout with more fields than the record.
readings.stage(map((r) => ({ id: r.id }), { out: struct({ id: u32, value: f64 }) }));
