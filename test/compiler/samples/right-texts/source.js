// Texts compared, chosen and copied.
readings.stage(map((r) => ({ name: r.name, level: r.value > 5 ? 'high' : r.name === 'bob' ? 'bob' : 'low' })));
