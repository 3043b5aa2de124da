// The last value of each id, in an object of the module.
const last = {};
readings.stage(
  map((r) => {
    const change = r.value - (last[r.id] ?? r.value);
    last[r.id] = r.value;
    return { id: r.id, change };
  }),
);
