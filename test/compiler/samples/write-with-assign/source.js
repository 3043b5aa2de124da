// Object.assign to the record.
readings.stage(map((r) => Object.assign(r, { value: 0 })));
