// A bound function.
const above = (limit, r) => r.value > limit;
readings.stage(filter((r, { above }) => above(3, r), { using: { above } }));
