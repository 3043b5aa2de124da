// Cost a record from one key to a million, met in no order: it may grow only as memory gets further away
import { createEngine } from 'roda-rx';
import { plainLoop } from '../../contestants/plain-loop.js';
import { buildStages, ReadingStruct } from '../../contestants/roda-pipelines.js';
import type { Benchmark, Observation } from '../../harness/benchmark.js';
import { assertDigest } from '../../harness/checked.js';
import { peakResidentBytes } from '../../harness/resources.js';
import { Checksum, type Digest } from '../../workloads/checksum.js';
import { expectedAlerts } from '../../workloads/expected.js';
import { keysWorkload, mix } from '../../workloads/keys.js';
import { type Alert, addAlert, readingColumns } from '../../workloads/reading-workload.js';
import { peakMegabytes } from '../figures.js';
import { costOfRecord, numberText, pointOf, timesFirst } from './figures.js';

interface KeysTask {
  readonly series: (typeof SERIES)[number];
  readonly keys: number;
  readonly warmUp: number;
  readonly size: number;
  readonly expected: Digest;
}

const RODA = 'roda, inline, columns';
const PLAIN = 'plain loop';
const MEMORY = 'memory alone';
const SERIES = [RODA, PLAIN, MEMORY] as const;
const KEYS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000] as const;
const SIZE = 8_000_000;
const QUICK_SIZE = 50_000;
/** Readings before the measured ones, at least; every key comes once among them. */
const WARM_UP = 1_000_000;
/** Bytes of both tables that a reading touches: 64 and 24 of entries, and a slot each. */
const KEY_WORDS = 12;
const BATCH = 4_096;

const labelOf = (series: string, keys: number) => `${series}, ${numberText(keys)} keys`;
const first = `${numberText(KEYS[0])} keys`;

export const keysCurve: Benchmark = {
  name: 'keys-curve',
  title: 'Cost a record, by the number of keys',
  about: `The pipeline of \`sensor\` with as many keys as the lane says, all of them there before it is measured, and then met in an order
that no cache foresees. **${MEMORY}** does nothing but read and write, for each record, two lines at a place of the same order, in
an array as big as both tables: what a record costs more with more keys should be what that costs more.`,
  rounds: 3,
  figures: [costOfRecord, peakMegabytes],
  comparisons: [timesFirst(first, (label) => pointOf(label)?.series)],
  goals: [],
  ours: KEYS.map((keys) => labelOf(RODA, keys)),
  chart: { kind: 'lines', axis: 'nanoseconds a record', across: 'keys', figure: costOfRecord.key, pointOf },

  lanes(scale, size = scale === 'quick' ? QUICK_SIZE : SIZE) {
    const most = scale === 'quick' ? 10_000 : Number.POSITIVE_INFINITY;
    return KEYS.filter((keys) => keys <= most).flatMap((keys) => {
      const warmUp = Math.max(keys, Math.min(WARM_UP, size));
      const expected = expectedAlerts(keysWorkload(keys), warmUp + size);
      return SERIES.map((series) => ({
        label: labelOf(series, keys),
        task: { series, keys, warmUp, size, expected },
      }));
    });
  },

  async observe(task) {
    const { series } = task as KeysTask;
    const observers = { [RODA]: observeRoda, [PLAIN]: observePlain, [MEMORY]: observeMemory };
    const ms = await observers[series](task as KeysTask);
    const observation: Observation = {
      records: (task as KeysTask).size,
      ms,
      peakRssBytes: peakResidentBytes(),
    };
    return observation;
  },
};

async function observeRoda({ keys, warmUp, size, expected }: KeysTask): Promise<number> {
  const engine = createEngine({ placement: 'inline' });
  const readings = engine.source(ReadingStruct);
  const alerts = new Checksum();
  buildStages.sensor(readings).alerts.subscribe((alert) => addAlert(alerts, alert));
  const workload = keysWorkload(keys);
  const columns = readingColumns(BATCH);
  const feed = (from: number, to: number): void => {
    for (let at = from; at < to; at += BATCH) {
      const length = workload.fill(to, columns, at);
      readings.nextMany({
        id: columns.id.subarray(0, length),
        value: columns.value.subarray(0, length),
        ts: columns.ts.subarray(0, length),
      });
    }
  };
  feed(0, warmUp);
  await engine.idle();
  const start = performance.now();
  feed(warmUp, warmUp + size);
  await engine.idle();
  const ms = performance.now() - start;
  await engine.close();
  assertDigest(`roda with ${keys} keys`, alerts.digest(), expected);
  return ms;
}

async function observePlain({ keys, warmUp, size, expected }: KeysTask): Promise<number> {
  const alerts = new Checksum();
  const next = plainLoop.sensor({ alert: (alert: Alert) => addAlert(alerts, alert) });
  const workload = keysWorkload(keys);
  const total = warmUp + size;
  workload.feed(total, next, 0, 0, warmUp);
  const start = performance.now();
  workload.feed(total, next, 0, warmUp, total);
  const ms = performance.now() - start;
  assertDigest(`the plain loop with ${keys} keys`, alerts.digest(), expected);
  return ms;
}

async function observeMemory({ keys, warmUp, size }: KeysTask): Promise<number> {
  const words = new Float64Array(keys * KEY_WORDS);
  const touch = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const at = (mix(i) % keys) * KEY_WORDS;
      words[at] = words[at]! + 1;
      words[at + 8] = words[at + 8]! + 1;
    }
  };
  touch(0, warmUp);
  const start = performance.now();
  touch(warmUp, warmUp + size);
  const ms = performance.now() - start;
  let sum = 0;
  for (let at = 0; at < words.length; at += KEY_WORDS) sum += words[at]!;
  if (sum !== warmUp + size) throw new Error(`Wrong count of ${keys} places: ${sum}`);
  return ms;
}
