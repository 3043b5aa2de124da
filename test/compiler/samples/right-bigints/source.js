// Bigints of 64 bits wrap where they are stored.
readings.stage(map((r) => ({ id: r.id, big: r.big * 3n - 1n, hash: r.hash + r.hash })));
