// The length of an array by another name.
readings.stage(map((r) => ({ id: r.id, n: r.samples.length })));
