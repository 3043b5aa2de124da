// Persist: sensor with its input kept in files, without, and the disk by itself
import { closeSync, constants, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createEngine } from 'roda-rx';
import { feeders } from '../contestants/roda.js';
import { buildStages, ReadingStruct } from '../contestants/roda-pipelines.js';
import type { Benchmark } from '../harness/benchmark.js';
import { assertDigest } from '../harness/checked.js';
import { Checksum, type Digest } from '../workloads/checksum.js';
import { expectedAlerts } from '../workloads/expected.js';
import { addAlert, WARM_UP_ID_OFFSET } from '../workloads/reading-workload.js';
import { sensor } from '../workloads/sensor.js';
import { rate, WARM_UP_RUNS } from './figures.js';

interface PersistTask {
  readonly lane: keyof typeof LANES;
  readonly size: number;
  readonly warmUpSize: number;
  readonly expected: Digest;
}

const LANES = {
  'not kept': undefined,
  'kept, sync every 100 ms': { sync: { everyMs: 100 } },
  'kept, sync after each batch': { sync: 'batch' },
  'kept, never synced': { sync: 'never' },
  'the disk alone': undefined,
} as const;

const LABELS = Object.keys(LANES) as (keyof typeof LANES)[];
const SIZE = 20_000_000;
const QUICK_SIZE = 500_000;
const MEGABYTES = 'MB/s';
const OF_NOT_KEPT = '× not kept';
const OF_DISK = "× the disk's bytes a second";
/** Bytes that the disk by itself is given at once. */
const BLOCK_BYTES = 1_048_576;
/** Of the journal in memory, with files and without. */
const CAPACITY = 65_536;

/** Where the files go: a disk, since the system's folder for temporary files may lie in memory. */
const folderFor = () => mkdtempSync(join(process.env['RODA_BENCH_DISK'] ?? process.cwd(), 'persist-'));

export const persist: Benchmark = {
  name: 'persist',
  title: 'Keeping records in files',
  about: `The input of \`sensor\`, in columns, through its two stages in workers, while a worker for files keeps it: until all alerts have
come and the last record is durable, after two runs of other keys to warm up. Beside it the same without files, and the disk alone,
given as many bytes in a row as the journal gives them, in large blocks past the system's cache where that can be, synced every 100 ms and at the end. All have a journal of
65,536 records in memory. Set RODA_BENCH_DISK to a folder of the disk to be measured. Either at most 30% of the rate is lost, or
80% of the disk's rate is reached: one of the two goals is enough.`,
  rounds: 7,
  figures: [
    rate,
    { key: MEGABYTES, title: MEGABYTES, digits: 0, of: ({ bytes, ms }) => bytes! / ms! / 1000 },
  ],
  comparisons: [
    {
      title: OF_NOT_KEPT,
      by: 'ratio',
      digits: 2,
      baselineOf: (label) => (label.startsWith('kept') ? 'not kept' : undefined),
    },
    {
      title: OF_DISK,
      by: 'ratio',
      digits: 2,
      baselineOf: (label) => (label.startsWith('kept') ? 'the disk alone' : undefined),
    },
  ],
  goals: [
    {
      lane: 'kept, sync every 100 ms',
      of: OF_NOT_KEPT,
      must: 'at least',
      bound: 0.7,
      or: { lane: 'kept, sync every 100 ms', of: OF_DISK, must: 'at least', bound: 0.8 },
    },
  ],
  ours: LABELS.filter((label) => label !== 'the disk alone'),
  chart: { kind: 'bars', axis: 'million records a second', figure: rate.key },

  lanes(scale, size = scale === 'quick' ? QUICK_SIZE : SIZE) {
    const expected = expectedAlerts(sensor, size);
    const warmUpSize = Math.min(sensor.warmUpSize, size);
    return LABELS.map((lane) => ({
      label: lane,
      task: { lane, size, warmUpSize, expected } satisfies PersistTask,
    }));
  },

  async observe(task) {
    const { lane, size } = task as PersistTask;
    const folder = folderFor();
    try {
      const bytes = size * ReadingStruct.layout.bytes;
      const ms =
        lane === 'the disk alone' ? writeAlone(folder, bytes) : await run(task as PersistTask, folder);
      return { records: size, bytes, ms };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function run({ lane, size, warmUpSize, expected }: PersistTask, folder: string): Promise<number> {
  const engine = createEngine();
  const readings = engine.source(ReadingStruct, { capacity: CAPACITY });
  let results = new Checksum();
  buildStages.sensor(readings).alerts.subscribe((alert) => addAlert(results, alert));
  const options = LANES[lane];
  const trail = options && (await readings.persist(join(folder, 'journal'), options));
  const feed = feeders.columns(engine, readings, sensor);
  for (let i = 0; i < WARM_UP_RUNS; i++) await feed(warmUpSize, WARM_UP_ID_OFFSET);
  await trail?.durable();
  const warmedUp = trail?.durableNext ?? 0;

  results = new Checksum();
  const start = performance.now();
  await feed(size, 0);
  await trail?.durable();
  const ms = performance.now() - start;
  await engine.close();
  assertDigest(`${lane}, sensor of ${size}`, results.digest(), expected);
  const durable = trail === undefined ? size : trail.durableNext - warmedUp;
  if (durable !== size) {
    throw new Error(`Wrong results from ${lane}: ${durable} of ${size} records are durable`);
  }
  return ms;
}

/** Writes as many bytes in a row, and syncs them now and then; returns the time in ms. */
function writeAlone(folder: string, bytes: number): number {
  // Memory that begins at a page, as writes past the cache ask for.
  const pages = BLOCK_BYTES / 65_536;
  const block = new Uint8Array(new WebAssembly.Memory({ initial: pages }).buffer).fill(0x5a);
  const fd = openForBlocks(join(folder, 'alone'));
  const start = performance.now();
  let synced = start;
  for (let done = 0; done < bytes; done += BLOCK_BYTES) {
    // The last block as a whole as well: past the cache there are no others.
    writeSync(fd, block, 0, BLOCK_BYTES, done);
    if (performance.now() - synced < 100) continue;
    fdatasyncSync(fd);
    synced = performance.now();
  }
  fdatasyncSync(fd);
  const ms = performance.now() - start;
  closeSync(fd);
  return ms;
}

function openForBlocks(path: string): number {
  const flags = constants.O_CREAT | constants.O_WRONLY;
  try {
    return openSync(path, flags | (constants.O_DIRECT ?? 0));
  } catch {
    return openSync(path, flags);
  }
}
