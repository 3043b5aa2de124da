// A bigint compared with a number.
readings.stage(filter((r) => r.big > 5));
