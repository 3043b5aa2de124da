// A record as JSON.
readings.stage(map((r) => ({ id: r.id, json: r.pos })));
