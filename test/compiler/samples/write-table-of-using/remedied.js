// A table of using as a place to count.
const counts = keyedTable({ key: u32, value: struct({ count: u32 }) });
readings.stage(
  step(
    (r, _state, emit, { counts }) => {
      const count = (counts.get(r.id)?.count ?? 0) + 1;
      counts.set(r.id, { count });
      emit({ id: r.id, count });
    },
    { tables: { counts } },
  ),
);
