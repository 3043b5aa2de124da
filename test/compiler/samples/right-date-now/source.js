// The clock.
readings.stage(map((r) => ({ id: r.id, late: Date.now() > r.ts })));
