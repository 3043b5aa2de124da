// A key put together of two fields.
readings.stage(pairwiseBy((r) => `${r.name}-${r.id}`));
