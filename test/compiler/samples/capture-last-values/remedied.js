// The last value of each id, in an object of the module.
const last = keyedTable({ key: u32, value: struct({ value: f64 }) });
readings.stage(
  step((r, _state, emit, { last }) => {
    const change = r.value - (last.get(r.id)?.value ?? r.value);
    last.set(r.id, { value: r.value });
    emit({ id: r.id, change });
  }, { tables: { last } }),
);
