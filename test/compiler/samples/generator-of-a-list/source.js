// An array of records, as concatMap would take it.
readings.stage(map((r) => [{ id: r.id }, { id: r.id + 1 }]));
