// JSON to compare records.
readings.stage(filter((r) => JSON.stringify(r.pos) !== '{}'));
