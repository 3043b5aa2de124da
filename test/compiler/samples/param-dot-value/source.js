// A live parameter, read as outside.
const limit = engine.param(3);
readings.stage(filter((r, { limit }) => r.value > limit.value, { using: { limit } }));
