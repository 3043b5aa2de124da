// A key of unknown kind.
readings.stage(pairwiseBy((r) => JSON.parse(`[${r.id}]`)[0]));
