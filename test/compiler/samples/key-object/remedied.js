// An object as key.
readings.stage(pairwiseBy((r) => ([r.id, r.ok])));
