// A key that has one part or two.
readings.stage(pairwiseBy((r) => (r.ok ? [r.id] : [r.id, r.ts])));
