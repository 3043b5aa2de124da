// Repetitions of an id dropped.
readings.stage(dedupBy((r) => r.id, (r) => r.value));
