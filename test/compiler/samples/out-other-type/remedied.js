// A boolean for a field declared as a number.
readings.stage(map((r) => ({ id: r.id, high: Number(r.value > 3) }), { out: struct({ id: u32, high: f64 }) }));
