// Chance.
readings.stage(filter((r) => Math.random() < 2));
