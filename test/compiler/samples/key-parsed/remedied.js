// A key of unknown kind.
readings.stage(pairwiseBy((r) => Number(JSON.parse(`[${r.id}]`)[0])));
