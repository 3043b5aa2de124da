// A step that waits.
const prices = [0, 10, 20];
readings.stage(
  step((r, _state, emit, { prices }) => {
    const price = prices[r.id];
    emit({ id: r.id, price });
  }, { using: { prices } }),
);
