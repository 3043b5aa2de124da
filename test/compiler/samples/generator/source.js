// A generator, to emit several.
readings.stage(
  map(function* (r) {
    yield { id: r.id, value: r.value };
    if (r.ok) yield { id: r.id, value: -r.value };
  }),
);
