// The longest pause while a table grows to a million keys: a few records at a time, every one of them with a new key
import { createEngine } from 'roda-rx';
import { plainLoop } from '../contestants/plain-loop.js';
import { buildStages, ReadingStruct } from '../contestants/roda-pipelines.js';
import type { Benchmark } from '../harness/benchmark.js';
import { assertDigest } from '../harness/checked.js';
import { countCollections, peakResidentBytes } from '../harness/resources.js';
import { Checksum, type Digest } from '../workloads/checksum.js';
import { expectedAlerts } from '../workloads/expected.js';
import { manyKeys } from '../workloads/many-keys.js';
import { addAlert, type Reading, readingColumns, WARM_UP_ID_OFFSET } from '../workloads/reading-workload.js';
import { peakMegabytes, rate } from './figures.js';

interface GrowthTask {
  readonly lane: string;
  readonly size: number;
  readonly warmUpSize: number;
  readonly expected: Digest;
}

/** Takes a batch of readings, and returns when all of it is done. */
type TakeBatch = (size: number, from: number, to: number, idOffset: number) => void;

const PLAIN = 'plain loop';
const RODA = 'roda, inline';
const RODA_JS = 'roda, inline, backend js';
/** Records in a batch: few, so that a pause stands out, and enough for the clock. */
const BATCH = 64;

export const growthPause: Benchmark = {
  name: 'growth-pause',
  title: 'The longest pause while a table grows to a million keys',
  about: `\`many-keys\` in batches of ${BATCH} records, each of them with a new key, and the time of every batch until all that comes of it
is delivered. Collections count: they are what growing costs where keys are objects.`,
  rounds: 5,
  figures: [
    { key: 'longest batch, ms', title: 'longest, ms', digits: 3, of: ({ longestMs }) => longestMs! },
    { key: 'p99.9 of batches, ms', title: 'p99.9, ms', digits: 3, of: ({ p999Ms }) => p999Ms! },
    { key: 'median batch, ms', title: 'median, ms', digits: 4, of: ({ medianMs }) => medianMs! },
    rate,
    { key: 'collections', title: 'GCs', digits: 0, of: ({ collections }) => collections! },
    peakMegabytes,
  ],
  comparisons: [
    {
      title: `× ${PLAIN}`,
      by: 'ratio',
      digits: 3,
      baselineOf: (label) => (label === PLAIN ? undefined : PLAIN),
    },
  ],
  goals: [],
  ours: [RODA, RODA_JS],
  chart: { kind: 'bars', axis: 'longest batch, milliseconds', figure: 'longest batch, ms' },

  lanes(scale, size = scale === 'quick' ? manyKeys.quickSize : manyKeys.size) {
    const expected = expectedAlerts(manyKeys, size);
    const warmUpSize = Math.min(manyKeys.warmUpSize, size);
    return [PLAIN, RODA, RODA_JS].map((lane) => ({
      label: lane,
      task: { lane, size, warmUpSize, expected },
    }));
  },

  async observe(task) {
    const { lane, size, warmUpSize, expected } = task as GrowthTask;
    let alerts = new Checksum();
    const { take, close } = open(lane, (alert) => addAlert(alerts, alert));
    for (let from = 0; from < warmUpSize; from += BATCH) {
      take(warmUpSize, from, Math.min(warmUpSize, from + BATCH), WARM_UP_ID_OFFSET);
    }
    alerts = new Checksum();
    globalThis.gc?.();
    const times = new Float64Array(Math.ceil(size / BATCH));
    const stopCounting = countCollections();
    const start = performance.now();
    let before = start;
    for (let n = 0; n < times.length; n++) {
      take(size, n * BATCH, Math.min(size, (n + 1) * BATCH), 0);
      const now = performance.now();
      times[n] = now - before;
      before = now;
    }
    const own = stopCounting();
    await close();
    assertDigest(`${lane}, many-keys of ${size}`, alerts.digest(), expected);
    times.sort();
    return {
      records: size,
      ms: before - start,
      longestMs: times.at(-1)!,
      p999Ms: times[Math.floor(0.999 * times.length)]!,
      medianMs: times[times.length >> 1]!,
      ...own,
      peakRssBytes: peakResidentBytes(),
    };
  },
};

function open(
  lane: string,
  alert: Parameters<(typeof plainLoop)['many-keys']>[0]['alert'],
): { take: TakeBatch; close(): Promise<void> } {
  if (lane === PLAIN) {
    const next: (reading: Reading) => void = plainLoop['many-keys']({ alert });
    return {
      take: (size, from, to, idOffset) => manyKeys.feed(size, next, idOffset, from, to),
      close: async () => {},
    };
  }
  const engine = createEngine({ placement: 'inline', backend: lane === RODA_JS ? 'js' : 'wasm' });
  const readings = engine.source(ReadingStruct);
  buildStages['many-keys'](readings).alerts.subscribe(alert);
  const columns = readingColumns(BATCH);
  return {
    take(size, from, to, idOffset) {
      const length = Math.min(to - from, manyKeys.fill(size, columns, from, idOffset));
      readings.nextMany(
        length === BATCH
          ? { id: columns.id, value: columns.value, ts: columns.ts }
          : {
              id: columns.id.subarray(0, length),
              value: columns.value.subarray(0, length),
              ts: columns.ts.subarray(0, length),
            },
      );
      engine.flush();
    },
    close: () => engine.close(),
  };
}
