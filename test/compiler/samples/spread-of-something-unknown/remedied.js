// A record of unknown fields spread.
readings.stage(map((r) => ({ id: r.id, ...JSON.parse(`{"x": ${r.value}}`) }), { out: struct({ id: u32, x: f64 }) }));
