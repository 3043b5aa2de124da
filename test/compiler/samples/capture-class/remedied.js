// A class of the module.
const isHigh = (value) => value > 3;
readings.stage(map((r, { isHigh }) => ({ id: r.id, high: isHigh(r.value) }), { using: { isHigh } }));
