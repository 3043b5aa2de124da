// An array for a record.
readings.stage(map((r) => ({ value: [r.value, r.samples[1]] })));
