// A key that has one part or two.
readings.stage(pairwiseBy((r) => ([r.id, r.ok ? 0 : r.ts])));
