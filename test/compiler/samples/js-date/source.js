// A Date made of a field.
readings.stage(map((r) => ({ id: r.id, year: new Date(r.ts).getUTCFullYear() })));
