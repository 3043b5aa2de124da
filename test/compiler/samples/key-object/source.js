// An object as key.
readings.stage(pairwiseBy((r) => ({ id: r.id, ok: r.ok })));
