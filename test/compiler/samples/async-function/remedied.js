// An async function that awaits nothing.
readings.stage(map((r) => ({ id: r.id, double: r.value * 2 })));
