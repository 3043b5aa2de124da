// i64 here, u64 there.
readings.stage(map((r) => ({ id: r.id, either: r.ok ? r.big : r.hash })));
