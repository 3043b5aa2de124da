// An array of the record, sorted in place.
readings.stage(map((r) => ({ id: r.id, least: r.samples.sort((a, b) => a - b)[0] })));
