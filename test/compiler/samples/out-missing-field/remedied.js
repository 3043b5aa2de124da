// A declared layout with more fields than the record.
readings.stage(map((r) => ({ id: r.id, value: 0 }), { out: struct({ id: u32, value: f64 }) }));
