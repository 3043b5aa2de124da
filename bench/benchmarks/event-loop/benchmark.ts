// The event loop's delay: how late timers are while a subscriber gets all that the thread can take
import type { Benchmark, Figure } from '../../harness/benchmark.js';
import { rate } from '../figures.js';
import { FLOODS } from './floods.js';
import { measureLateness } from './lateness.js';

interface EventLoopTask {
  readonly flood: keyof typeof FLOODS;
  readonly records: number;
}

const LABELS = Object.keys(FLOODS) as (keyof typeof FLOODS)[];
/** Some seconds of each: what the start of an engine takes, which is in it, shall be few of the timers. */
const RECORDS = { 'consume()': 10_000_000, 'next() in bursts': 50_000_000, 'from a worker': 400_000_000 };
const QUICK_RECORDS = 500_000;
const MOST_MS = 20;

const figure = (title: string, of: Figure['of']): Figure => ({ key: title, title, digits: 2, of });
const p99 = figure('p99, ms', ({ p99Ms }) => p99Ms!);
const delays = [figure('p50, ms', ({ p50Ms }) => p50Ms!), p99, figure('max, ms', ({ maxMs }) => maxMs!)];

export const eventLoop: Benchmark = {
  name: 'event-loop',
  title: 'Delay of the event loop',
  about: `How late timers of one millisecond are on the main thread while a subscriber there gets every record as fast as it can: records
that come from an async iterable by \`consume()\`, records given to \`next()\` in bursts, and records that a worker makes two
thousand of.`,
  rounds: 3,
  figures: [p99, ...delays.filter((delay) => delay !== p99), rate],
  comparisons: [],
  goals: LABELS.map((lane) => ({ lane, of: p99.title, must: 'at most', bound: MOST_MS })),
  ours: LABELS,
  chart: { kind: 'percentiles', axis: 'milliseconds', unit: 'ms', figures: delays.map(({ key }) => key) },

  lanes: (scale, size) =>
    LABELS.map((flood) => ({
      label: flood,
      task: {
        flood,
        records: size ?? (scale === 'quick' ? QUICK_RECORDS : RECORDS[flood]),
      } satisfies EventLoopTask,
    })),

  async observe(task) {
    const { flood, records } = task as EventLoopTask;
    let next = 0;
    let wrong = 0;
    const stop = measureLateness();
    const start = performance.now();
    await FLOODS[flood](records, (v) => {
      if (v !== next++) wrong++;
    });
    const ms = performance.now() - start;
    const { p50Ms, p99Ms, maxMs, timers } = stop();
    if (next !== records || wrong > 0) {
      throw new Error(
        `Wrong results from ${flood}: expected ${records} in order, got ${next}, ${wrong} of them wrong`,
      );
    }
    return { records, ms, p50Ms, p99Ms, maxMs, timers };
  },
};
