// A helper that has something of its own.
const scaled = withUsing((x, { by }) => x * by, { by: 10 });
readings.stage(map((r, { scaled }) => ({ id: r.id, v: scaled(r.value) }), { using: { scaled } }));
