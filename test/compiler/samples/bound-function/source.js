// A bound function.
const above = (limit, r) => r.value > limit;
readings.stage(filter(above.bind(null, 3)));
