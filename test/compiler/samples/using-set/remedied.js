// A Set of what is allowed.
const allowed = new Set([1, 2]);
readings.stage(filter((r, { allowed }) => allowed.includes(r.id), { using: { allowed: [...allowed] } }));
