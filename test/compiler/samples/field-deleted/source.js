// A field taken out of a copy.
readings.stage(
  map((r) => {
    const out = { id: r.id, value: r.value, ts: r.ts };
    delete out.ts;
    return out;
  }),
);
