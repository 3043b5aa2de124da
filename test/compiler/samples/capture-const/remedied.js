// A threshold that stands beside the pipeline.
const limit = 3;
readings.stage(filter((r, { limit }) => r.value > limit, { using: { limit } }));
