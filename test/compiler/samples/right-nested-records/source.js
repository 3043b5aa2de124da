// Nested records, read, copied and made.
readings.stage(map(({ id, pos: { x, y } }) => ({ id, at: { x, y: y + 1 }, norm: Math.hypot(x, y) })));
