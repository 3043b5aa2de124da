// A method of strings in a condition.
readings.stage(filter((r) => r.name.startsWith('a')));
