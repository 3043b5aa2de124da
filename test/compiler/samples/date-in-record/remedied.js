// A Date in a record.
readings.stage(map((r) => ({ id: r.id, at: r.ts })));
