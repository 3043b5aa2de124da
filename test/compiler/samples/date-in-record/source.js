// A Date in a record.
readings.stage(map((r) => ({ id: r.id, at: new Date(r.ts) })));
