// Cost a record from a million records to a thousand million: it must not depend on how many have passed
import { createEngine } from 'roda-rx';
import { feeders } from '../../contestants/roda.js';
import { buildStages, ReadingStruct } from '../../contestants/roda-pipelines.js';
import type { Benchmark } from '../../harness/benchmark.js';
import { assertDigest } from '../../harness/checked.js';
import { peakResidentBytes } from '../../harness/resources.js';
import { Checksum, type Digest } from '../../workloads/checksum.js';
import { expectedOfLong } from '../../workloads/expected.js';
import { addAlert, WARM_UP_ID_OFFSET } from '../../workloads/reading-workload.js';
import { sensor } from '../../workloads/sensor.js';
import { peakMegabytes } from '../figures.js';
import { costOfRecord, numberText, pointOf, timesFirst } from './figures.js';

interface RecordsTask {
  readonly placement: 'inline' | 'worker';
  readonly size: number;
  readonly warmUpSize: number;
  readonly expected: Digest;
}

const SIZE = 1_000_000_000;
const QUICK_SIZE = 1_000_000;
/** Sizes are these parts of the largest. */
const PARTS = [1000, 100, 10, 1] as const;
const SERIES = { 'roda, inline, columns': 'inline', 'roda, worker, columns': 'worker' } as const;
/** A worker takes as long again, and tells nothing new in between. */
const PARTS_OF_WORKER: readonly number[] = [1000, 10];

const labelOf = (series: string, size: number) => `${series}, ${numberText(size)} records`;
const first = `${numberText(SIZE / PARTS[0])} records`;
const seriesOf = (label: string) => pointOf(label)?.series;

export const recordsCurve: Benchmark = {
  name: 'records-curve',
  title: 'Cost a record, by the number of records',
  about: `\`sensor\` through engines that have been warmed up, by columns: each lane is one stream of that many records, up to a thousand
million, with everything that came before still counted in its states. Flat is right.`,
  rounds: 2,
  figures: [costOfRecord, peakMegabytes],
  comparisons: [timesFirst(first, seriesOf)],
  goals: [
    {
      lane: labelOf('roda, inline, columns', SIZE),
      of: `× the cost at ${first}`,
      must: 'at most',
      bound: 1.1,
    },
  ],
  ours: Object.keys(SERIES).flatMap((series) => PARTS.map((part) => labelOf(series, SIZE / part))),
  chart: {
    kind: 'lines',
    axis: 'nanoseconds a record',
    across: 'records',
    figure: costOfRecord.key,
    pointOf,
  },

  lanes(scale, size = scale === 'quick' ? QUICK_SIZE : SIZE) {
    return Object.entries(SERIES).flatMap(([series, placement]) =>
      PARTS.filter((part) => placement === 'inline' || PARTS_OF_WORKER.includes(part)).map((part) => {
        const own = Math.ceil(size / part);
        const warmUpSize = Math.min(sensor.warmUpSize, size);
        const expected = expectedOfLong(sensor, own);
        return { label: labelOf(series, own), task: { placement, size: own, warmUpSize, expected } };
      }),
    );
  },

  async observe(task) {
    const { placement, size, warmUpSize, expected } = task as RecordsTask;
    const engine = createEngine({ placement });
    const readings = engine.source(ReadingStruct);
    let alerts = new Checksum();
    buildStages.sensor(readings).alerts.subscribe((alert) => addAlert(alerts, alert));
    const feed = feeders.columns(engine, readings, sensor);
    await feed(warmUpSize, WARM_UP_ID_OFFSET);
    alerts = new Checksum();
    const start = performance.now();
    await feed(size, 0);
    const ms = performance.now() - start;
    await engine.close();
    assertDigest(`${placement}, sensor of ${size}`, alerts.digest(), expected);
    return { records: size, ms, peakRssBytes: peakResidentBytes() };
  },
};
