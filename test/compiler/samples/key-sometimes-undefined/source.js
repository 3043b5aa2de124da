// A key that is sometimes undefined.
readings.stage(pairwiseBy((r) => (r.ok ? r.id : undefined)));
