// i64 here, u64 there.
readings.stage(map((r) => ({ id: r.id, either: BigInt.asIntN(64, r.ok ? r.big : r.hash) })));
