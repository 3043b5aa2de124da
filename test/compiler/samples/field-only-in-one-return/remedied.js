// Records with different fields.
readings.stage(map((r) => (r.ok ? { id: r.id, high: true } : { id: r.id, high: false })));
