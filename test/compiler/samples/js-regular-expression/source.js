// A regular expression.
readings.stage(filter((r) => /^b/.test(r.name)));
