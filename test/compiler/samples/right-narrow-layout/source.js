// A declared layout, narrower than what is stored: it wraps as typed arrays do.
readings.stage(map((r) => ({ id: r.id, v: r.value * 100 }), { out: struct({ id: u32, v: u8 }) }));
