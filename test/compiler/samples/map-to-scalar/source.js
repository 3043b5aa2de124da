// A number for a record.
readings.stage(map((r) => r.value * 2));
