// A bigint plus a field that is a number.
readings.stage(map((r) => ({ id: r.id, sum: Number(r.big) + r.value })));
