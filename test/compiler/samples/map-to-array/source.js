// An array for a record.
readings.stage(map((r) => [r.value, r.samples[1]]));
