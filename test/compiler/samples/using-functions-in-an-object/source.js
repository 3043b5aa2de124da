// Functions in an object, given as one.
const ops = { double: (x) => x * 2 };
readings.stage(map((r, { ops }) => ({ v: ops.double(r.value) }), { using: { ops } }));
