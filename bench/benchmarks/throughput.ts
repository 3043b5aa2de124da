// Records a second of a workload: every contestant, warmed up, runs it once in each process
import process from 'node:process';
import type { Contestant, Open } from '../contestants/contestant.js';
import { BASELINES, entries, findEntry, isOurs, OURS } from '../contestants/index.js';
import { canCompile, NATIVE, observeNative } from '../contestants/native/native.js';
import type { Benchmark, Comparison, Figure, Goal, Observation } from '../harness/benchmark.js';
import { assertDigest } from '../harness/checked.js';
import { countCollections, peakResidentBytes } from '../harness/resources.js';
import { Checksum, type Digest } from '../workloads/checksum.js';
import { expectedAlerts } from '../workloads/expected.js';
import { addAlert, type ReadingWorkload, WARM_UP_ID_OFFSET } from '../workloads/reading-workload.js';
import { peakMegabytes, rate, WARM_UP_RUNS } from './figures.js';

/** What a process is told. */
export interface ThroughputTask {
  readonly contestant: string;
  readonly size: number;
  readonly warmUpSize: number;
  readonly expected: Digest;
}

export interface Throughput {
  readonly title: string;
  readonly about: string;
  readonly goals?: readonly Goal[];
  /** How many sensors take turns, where the pipeline is that of `sensor` and its input too: the native loop then takes part. */
  readonly nativeSensors?: number;
}

const ROUNDS = 7;

const orNothing = (value: number | undefined): number => value ?? Number.NaN;
const figures: readonly Figure[] = [
  rate,
  { key: 'records, M', title: 'M records', digits: 2, of: ({ records }) => records! / 1e6 },
  { key: 'collections', title: 'GCs', digits: 0, of: ({ collections }) => orNothing(collections) },
  { key: 'in collections, ms', title: 'GC ms', digits: 0, of: ({ collectionMs }) => orNothing(collectionMs) },
  {
    key: 'collections in workers',
    title: 'GCs in workers',
    digits: 0,
    of: ({ collectionsElsewhere }) => orNothing(collectionsElsewhere),
  },
  {
    key: 'in collections in workers, ms',
    title: 'GC ms in workers',
    digits: 0,
    of: ({ collectionMsElsewhere }) => orNothing(collectionMsElsewhere),
  },
  peakMegabytes,
];

const comparisons: readonly Comparison[] = [...BASELINES, NATIVE].map((baseline) => ({
  title: `× ${baseline}`,
  by: 'ratio',
  digits: 2,
  baselineOf: (label) => (isOurs(label) ? baseline : undefined),
}));

export function throughput<Summary>(
  workload: ReadingWorkload<Summary>,
  { title, about, goals = [], nativeSensors }: Throughput,
): Benchmark {
  return {
    name: workload.name,
    title,
    about,
    rounds: ROUNDS,
    figures,
    comparisons,
    goals,
    ours: OURS,
    chart: { kind: 'bars', axis: 'million records a second', figure: rate.key },

    lanes(scale, size = scale === 'quick' ? workload.quickSize : workload.size) {
      const expected = new Map<number, Digest>();
      const native = nativeSensors !== undefined && canCompile() ? [{ label: NATIVE, share: 1 }] : [];
      return [...entries, ...native].map(({ label, share }) => {
        const own = Math.ceil(size * share);
        const digest = expected.get(own) ?? expectedAlerts(workload, own);
        expected.set(own, digest);
        const warmUpSize = Math.min(workload.warmUpSize, own);
        return { label, task: { contestant: label, size: own, warmUpSize, expected: digest } };
      });
    },

    async observe(task) {
      const { contestant } = task as ThroughputTask;
      if (contestant === NATIVE) return observeNative(nativeSensors ?? 1, task as ThroughputTask);
      return observeContestant(workload, await findEntry(contestant).load(), task as ThroughputTask);
    },
  };
}

/**
 * Warms the contestant up with whole runs of other keys than those measured, runs the workload, and checks what came out.
 *
 * @throws {Error} If the alerts are not the expected ones.
 */
export async function observeContestant<Summary>(
  workload: ReadingWorkload<Summary>,
  contestant: Contestant,
  task: ThroughputTask,
): Promise<Observation> {
  let alerts = new Checksum();
  const open = contestant[workload.pipeline] as unknown as Open<Summary>;
  const pipeline = await open(workload, { alert: (alert) => addAlert(alerts, alert) });
  for (let i = 0; i < WARM_UP_RUNS; i++) await pipeline.feed(task.warmUpSize, WARM_UP_ID_OFFSET);

  alerts = new Checksum();
  globalThis.gc?.();
  await pipeline.collections?.();
  const stopCounting = countCollections();
  const start = process.hrtime.bigint();
  await pipeline.feed(task.size, 0);
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  const own = stopCounting();
  const elsewhere = await pipeline.collections?.();
  await pipeline.close();

  assertDigest(`${task.contestant} in ${workload.name} of ${task.size}`, alerts.digest(), task.expected);
  return {
    records: workload.readings(task.size),
    ms,
    ...own,
    ...(elsewhere && {
      collectionsElsewhere: elsewhere.collections,
      collectionMsElsewhere: elsewhere.collectionMs,
    }),
    peakRssBytes: peakResidentBytes(),
  };
}
