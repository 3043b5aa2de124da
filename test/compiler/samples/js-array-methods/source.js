// Array methods that make lists.
readings.stage(map((r) => ({ id: r.id, high: r.samples.filter((x) => x > 1).length })));
