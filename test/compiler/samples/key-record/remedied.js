// A nested record as key.
readings.stage(pairwiseBy((r) => [r.pos.x, r.pos.y]));
