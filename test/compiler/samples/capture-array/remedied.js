// A list of what is allowed.
const allowed = [1, 2];
readings.stage(filter((r, { allowed }) => allowed.includes(r.id), { using: { allowed } }));
