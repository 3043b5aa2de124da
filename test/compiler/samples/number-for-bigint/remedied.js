// A number for a field declared as a bigint.
readings.stage(map((r) => ({ big: BigInt(Math.trunc(r.value * 1000)) }), { out: struct({ big: i64 }) }));
