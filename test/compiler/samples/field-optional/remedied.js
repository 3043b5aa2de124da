// A field that is sometimes undefined.
readings.stage(map((r) => ({ id: r.id, high: (r.ok ? r.value : undefined) ?? 0 })));
