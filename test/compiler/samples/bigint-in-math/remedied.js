// Math of a bigint.
readings.stage(map((r) => ({ id: r.id, abs: Math.abs(Number(r.big)) })));
