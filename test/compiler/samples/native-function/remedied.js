// A function of the language, passed as it is.
readings.stage(filter((record) => Boolean(record)));
