// A field that is added to a literal.
readings.stage(
  map((r) => {
    const out = { id: r.id };
    if (r.ok) out.high = r.value;
    return out;
  }),
);
