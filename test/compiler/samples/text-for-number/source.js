// A text for a field declared as a number.
readings.stage(map((r) => ({ id: r.name }), { out: struct({ id: u32 }) }));
