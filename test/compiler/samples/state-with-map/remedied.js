// A Map in the state.
const counts = keyedTable({ key: u32, value: struct({ count: u32 }) });
readings.stage(
  step(
    (r, _state, emit, { counts }) => {
      counts.set(r.id, { count: (counts.get(r.id)?.count ?? 0) + 1 });
      emit({ id: r.id, count: counts.get(r.id)?.count ?? 0 });
    },
    { tables: { counts } },
  ),
);
