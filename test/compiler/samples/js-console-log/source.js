// Printing records; it is right, and runs as JavaScript.
readings.stage(tap((r) => console.log(r.id)), map((r) => ({ id: r.id })));
