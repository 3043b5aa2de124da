// An array of the record, sorted in place.
readings.stage(map((r) => { const copy = { ...r, samples: [...r.samples] }; return ({ id: copy.id, least: copy.samples.sort((a, b) => a - b)[0] }); }));
