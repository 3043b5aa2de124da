// A step that waits.
const lookup = async (id) => id * 10;
readings.stage(
  step(async (r, _state, emit) => {
    const price = await lookup(r.id);
    emit({ id: r.id, price });
  }),
);
