// Collections: whether anything is allocated while records run, on any thread, seen by V8's own trace of all its heaps
import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createEngine } from 'roda-rx';
import { feeders } from '../contestants/roda.js';
import { buildStages, ReadingStruct } from '../contestants/roda-pipelines.js';
import type { Benchmark, Observation } from '../harness/benchmark.js';
import { assertDigest } from '../harness/checked.js';
import { Checksum, type Digest } from '../workloads/checksum.js';
import { expectedOfLong } from '../workloads/expected.js';
import { addAlert, WARM_UP_ID_OFFSET } from '../workloads/reading-workload.js';
import { sensor } from '../workloads/sensor.js';
import { rate } from './figures.js';

interface CollectionsTask {
  readonly read: 'objects' | 'views';
  readonly size: number;
  readonly warmUpSize: number;
  readonly expected: Digest;
  /** Whether this is the process that is traced. */
  readonly traced?: boolean;
}

const SIZE = 100_000_000;
const QUICK_SIZE = 1_000_000;
const LANES = { 'worker, columns, views': 'views', 'worker, columns, objects': 'objects' } as const;
const IN_WORKERS = 'GCs in workers';

export const collections: Benchmark = {
  name: 'collections',
  title: 'Collections while records run',
  about: `\`sensor\` in a worker, fed by columns, once it is warmed up: how often V8 collected garbage in the worker, and on the thread that
feeds and is delivered to, by \`--trace-gc\`. Two collections that the benchmark asks for mark in the trace where it begins and ends.`,
  rounds: 3,
  figures: [
    { key: 'collections in workers', title: IN_WORKERS, digits: 0, of: ({ inWorkers }) => inWorkers! },
    {
      key: 'collections on the main thread',
      title: 'GCs on the main thread',
      digits: 0,
      of: ({ onMain }) => onMain!,
    },
    rate,
  ],
  comparisons: [],
  goals: Object.keys(LANES).map((lane) => ({ lane, of: IN_WORKERS, must: 'at most', bound: 0 })),
  ours: Object.keys(LANES),
  chart: { kind: 'bars', axis: 'collections in workers', figure: 'collections in workers' },

  lanes(scale, size = scale === 'quick' ? QUICK_SIZE : SIZE) {
    const expected = expectedOfLong(sensor, size);
    const warmUpSize = Math.min(size, 4 * sensor.warmUpSize);
    return Object.entries(LANES).map(([label, read]) => ({
      label,
      task: { read, size, warmUpSize, expected },
    }));
  },

  async observe(task) {
    const given = task as CollectionsTask;
    return given.traced ? run(given) : observeTraced(given);
  },
};

async function run({ read, size, warmUpSize, expected }: CollectionsTask): Promise<Observation> {
  const engine = createEngine();
  const readings = engine.source(ReadingStruct);
  let alerts = new Checksum();
  const { alerts: stage } = buildStages.sensor(readings);
  (read === 'views' ? stage.views() : stage).subscribe((alert) => addAlert(alerts, alert));
  const feed = feeders.columns(engine, readings, sensor);
  await feed(warmUpSize, WARM_UP_ID_OFFSET);
  alerts = new Checksum();
  const mark = globalThis.gc as () => void;
  mark();
  const start = performance.now();
  await feed(size, 0);
  const ms = performance.now() - start;
  mark();
  await engine.close();
  assertDigest(`a worker, sensor of ${size}`, alerts.digest(), expected);
  return { records: size, ms };
}

/** Runs it in a process that tells of every collection, in order, whichever thread it was on. */
async function observeTraced(task: CollectionsTask): Promise<Observation> {
  const order = JSON.stringify({ benchmark: collections.name, task: { ...task, traced: true } });
  const child = fork(process.argv[1] as string, [order], {
    execArgv: ['--expose-gc', '--trace-gc'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let trace = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    trace += text;
  });
  let observation: Observation | undefined;
  child.on('message', (message) => {
    observation = message as Observation;
  });
  const [code] = await once(child, 'close');
  if (code !== 0 || observation === undefined) throw new Error(`the traced process ended with ${code}`);
  return { ...observation, ...countTraced(trace) };
}

/**
 * Counts the collections between the first two that were asked for, by thread.
 *
 * @throws {Error} If the trace does not have the two.
 */
export function countTraced(trace: string): { inWorkers: number; onMain: number } {
  const lines = [...trace.matchAll(/^\[\d+:(0x[0-9a-f]+)[^\]]*\]\s+\d+ ms: (.*)$/gm)].map(
    ([, heap, what]) => ({
      heap: heap as string,
      isMark: (what as string).includes('testing'),
    }),
  );
  const [begin, end] = lines.flatMap(({ isMark }, at) => (isMark ? [at] : []));
  if (begin === undefined || end === undefined)
    throw new Error(`Cannot read V8's trace:\n${trace.slice(-2000)}`);
  const main = lines[begin]?.heap;
  const between = lines.slice(begin + 1, end);
  const onMain = between.filter(({ heap }) => heap === main).length;
  return { inWorkers: between.length - onMain, onMain };
}
