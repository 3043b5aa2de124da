// One state over all records.
readings.stage(scan((s, r) => ({ total: s.total + r.value, most: Math.max(s.most, r.value) }), { total: 0, most: 0 }));
