// A bigint times a number literal.
readings.stage(map((r) => ({ id: r.id, double: r.big * 2 })));
