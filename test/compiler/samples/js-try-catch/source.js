// try and catch.
readings.stage(
  map((r) => {
    try {
      return { id: r.id, root: Math.sqrt(r.value) };
    } catch {
      return { id: r.id, root: 0 };
    }
  }),
);
