// Object.assign to the record.
readings.stage(map((r) => { const copy = { ...r }; return Object.assign(copy, { value: 0 }); }));
