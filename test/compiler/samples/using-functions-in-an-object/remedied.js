// Functions in an object, given as one.
const ops = { double: (x) => x * 2 };
readings.stage(map((r, { double }) => ({ v: double(r.value) }), { using: { double: ops.double } }));
