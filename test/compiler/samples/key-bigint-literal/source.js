// A bigint of no known size as key.
readings.stage(pairwiseBy((r) => (r.ok ? 1n : 2n)));
