// A Set within a function.
readings.stage(map((r) => ({ id: r.id, different: new Set(r.samples).size })));
