// A sorted copy.
readings.stage(map((r) => ({ id: r.id, median: [...r.samples].sort((a, b) => a - b)[1] })));
