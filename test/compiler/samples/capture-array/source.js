// A list of what is allowed.
const allowed = [1, 2];
readings.stage(filter((r) => allowed.includes(r.id)));
