// The index that RxJS passes.
readings.stage(map((r, i) => ({ id: r.id, i })));
