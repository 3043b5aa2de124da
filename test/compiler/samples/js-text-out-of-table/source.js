// A text of a table, by an index that may be none of its own.
readings.stage(
  map((r, { names }) => ({ name: names[Math.min(r.id, 2)] }), { using: { names: ['none', 'one', 'two'] } }),
);
