// A table beside the state: the last value of each id.
const last = keyedTable({ key: u32, value: struct({ value: f64 }) });
readings.stage(
  step(
    (r, _state, emit, { last }) => {
      const before = last.get(r.id);
      if (before) emit({ id: r.id, change: r.value - before.value });
      last.set(r.id, { value: r.value });
    },
    { tables: { last } },
  ),
);
