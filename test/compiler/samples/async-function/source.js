// An async function that awaits nothing.
readings.stage(map(async (r) => ({ id: r.id, double: r.value * 2 })));
