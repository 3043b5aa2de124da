// A constant of another module, as a build writes an import.
const limit = 3;
const import_limits = { limit };
readings.stage(filter((r) => r.value > import_limits.limit));
