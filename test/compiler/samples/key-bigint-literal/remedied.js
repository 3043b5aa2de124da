// A bigint of no known size as key.
readings.stage(pairwiseBy((r) => (BigInt.asIntN(64, r.ok ? 1n : 2n))));
