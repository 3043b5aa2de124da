// The Rust engine that this one is held against, as it was measured: on two cores, unmodified, by a program of its own, its
// results checked. Not by this project's harness, and not again when the page is made.
import type { Spread } from '../harness/statistics.js';

/** A run of the engine, and what of this project's results stands beside it. */
export interface NativeRun {
  readonly workload: string;
  /** What it prints, in million records a second, where it prints something: taken before the work is done. */
  readonly printed?: number;
  /** Until the last result is out. */
  readonly actual: Spread;
  readonly residentMegabytes: number;
  /** Whether its keys become ever more: then memory is comparable only for as many records. */
  readonly grows?: boolean;
  /** The same steps fused by hand into one native thread, without journals, in million records a second. */
  readonly fused?: number;
  /** Where ours are: the fastest of these lanes; of all of ours, unless told. */
  readonly ours: { readonly benchmark: string; readonly lanes?: readonly string[] };
}

const spread = (median: number, min: number, max: number): Spread => ({ median, min, max });

export const NATIVE_RUNS: readonly NativeRun[] = [
  {
    workload: '`sensor`, 100M',
    printed: 45.5,
    actual: spread(8.8, 4.5, 11.1),
    residentMegabytes: 9_200,
    fused: 85,
    ours: { benchmark: 'memory', lanes: ['inline engine', 'one worker', 'two workers'] },
  },
  {
    workload: '`sensor`, 10M',
    printed: 45,
    actual: spread(17.1, 10.8, 20.5),
    residentMegabytes: 900,
    fused: 85,
    ours: { benchmark: 'sensor' },
  },
  {
    workload: '`service`, 100M',
    printed: 48.8,
    actual: spread(4.4, 3, 8.6),
    residentMegabytes: 8_400,
    fused: 18.6,
    ours: { benchmark: 'memory', lanes: ['service, inline engine', 'service, one worker'] },
  },
  {
    workload: '`service`, 10M',
    printed: 30,
    actual: spread(6.1, 3.5, 10.1),
    residentMegabytes: 800,
    fused: 18.6,
    ours: { benchmark: 'service' },
  },
  {
    workload: '`many-keys`, ten readings a key, 10M',
    actual: spread(8.1, 7.1, 8.9),
    residentMegabytes: 1_300,
    grows: true,
    fused: 11.5,
    ours: { benchmark: 'many-keys-10' },
  },
  {
    workload: '`many-keys`, every key new, 10M',
    printed: 53,
    actual: spread(2.6, 1.5, 2.7),
    residentMegabytes: 2_400,
    grows: true,
    fused: 2.9,
    ours: { benchmark: 'many-keys' },
  },
  {
    workload: '`mbo`, 10M',
    printed: 8.1,
    actual: spread(4.5, 2.2, 5.8),
    residentMegabytes: 2_900,
    fused: 3.9,
    ours: { benchmark: 'mbo' },
  },
];

/** Its round trips, in microseconds, all threads spinning: medians, where there was more than one run as a range. */
export const NATIVE_TRIPS: readonly {
  readonly through: string;
  readonly p50: readonly [from: number, to: number];
  readonly p99: number;
  /** The lane of the benchmark `round-trip`. */
  readonly ours: string;
}[] = [
  { through: 'one stage', p50: [0.25, 0.25], p99: 2.7, ours: 'one stage, both spin' },
  { through: 'two stages, two workers', p50: [28, 53], p99: 4_000, ours: 'two stages, two workers' },
];
