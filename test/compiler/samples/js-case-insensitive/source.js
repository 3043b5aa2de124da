// A comparison of computed strings.
readings.stage(filter((r) => r.name.toLowerCase() === 'bob'));
