// A threshold that stands beside the pipeline.
const limit = 3;
readings.stage(filter((r) => r.value > limit));
