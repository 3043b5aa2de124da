// A filter that changes what it looks at.
readings.stage(filter((r) => (r.value += 1) > 3));
