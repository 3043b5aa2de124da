// An array of records, as concatMap would take it.
readings.stage(map((r) => ({ value: [{ id: r.id }, { id: r.id + 1 }] })));
