// A field that is added to a literal.
readings.stage(
  map((r) => {
    const out = { id: r.id, high: 0 };
    if (r.ok) out.high = r.value;
    return out;
  }),
);
