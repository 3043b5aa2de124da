// A declared layout with fewer fields than the record.
readings.stage(map((r) => ({ id: r.id }), { out: struct({ id: u32 }) }));
