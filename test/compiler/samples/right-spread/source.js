// A copy with one field changed.
readings.stage(map((r) => ({ ...r.pos, y: 0, id: r.id })));
