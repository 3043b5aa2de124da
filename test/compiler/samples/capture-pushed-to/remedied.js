// A list of the module, pushed to.
const seen = keyedTable({ key: u32, value: struct({ times: u32 }) });
readings.stage(
  step((r, _state, emit, { seen }) => {
    if (seen.get(r.id)) return;
    seen.set(r.id, { times: 1 });
    emit(r);
  }, { tables: { seen } }),
);
