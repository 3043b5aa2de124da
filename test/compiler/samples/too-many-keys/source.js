// A bound that is no number of keys.
readings.stage(pairwiseBy((r) => r.id, { maxKeys: 0 }));
