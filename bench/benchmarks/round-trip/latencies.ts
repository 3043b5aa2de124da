// Latencies: samples of one process, told by their percentiles
import type { Figure, Observation } from '../../harness/benchmark.js';

const PERCENTILES = { p50: 0.5, p90: 0.9, p99: 0.99, 'p99.9': 0.999 } as const;

/** Sorts samples in milliseconds and tells them in microseconds. */
export function latencyObservation(samplesMs: Float64Array): Observation {
  const sorted = samplesMs.slice().sort();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]! * 1000;
  const percentiles = Object.entries(PERCENTILES).map(([name, share]) => [name, at(share)] as const);
  return { samples: sorted.length, ...Object.fromEntries(percentiles), max: at(1) };
}

/** The percentiles as figures, the median first. */
export const latencyFigures: readonly Figure[] = [
  ...Object.keys(PERCENTILES).map((name) => ({
    key: `${name}, µs`,
    title: `${name}, µs`,
    digits: 2,
    of: (observation: Observation) => observation[name]!,
  })),
  { key: 'max, µs', title: 'max, µs', digits: 0, of: ({ max }) => max! },
];
