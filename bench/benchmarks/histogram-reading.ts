// Reading a histogram: what a snapshot and a reset take, by the digits that it keeps
import { createEngine } from 'roda-rx';
import type { Benchmark, Observation } from '../harness/benchmark.js';
import { quickest } from './quickest.js';

const DIGITS = [1, 2, 3] as const;
const SNAPSHOT = 'snapshot()';
const RESET = 'reset()';

const SIZE = 200;
const QUICK_SIZE = 10;
/** Different values that are in it, and how often each. */
const VALUES = 1_000;

interface ReadingTask {
  readonly how: string;
  readonly digits: (typeof DIGITS)[number];
  readonly size: number;
}

const labelled = (how: string, digits: number) => `${how}, ${digits === 1 ? '1 digit' : `${digits} digits`}`;

export const histogramReading: Benchmark = {
  name: 'histogram-reading',
  title: 'Reading a histogram',
  about: `A histogram with a thousand different values, from 0 to a million, is read, or read and reset, on the thread that records. The
quickest of all calls counts. What was recorded in between is checked each time.`,
  rounds: 7,
  figures: [{ key: 'a call, µs', title: 'µs a call', digits: 0, of: ({ us }) => us! }],
  comparisons: [],
  goals: [],
  ours: [SNAPSHOT, RESET].flatMap((how) => DIGITS.map((digits) => labelled(how, digits))),
  chart: { kind: 'bars', axis: 'microseconds a call', figure: 'a call, µs' },

  lanes: (scale, size = scale === 'quick' ? QUICK_SIZE : SIZE) =>
    [SNAPSHOT, RESET].flatMap((how) =>
      DIGITS.map((digits) => ({
        label: labelled(how, digits),
        task: { how, digits, size } satisfies ReadingTask,
      })),
    ),

  async observe(task): Promise<Observation> {
    const { how, digits, size } = task as ReadingTask;
    const engine = createEngine();
    const values = engine.histogram('values', { digits });
    // Once it was reset, reading subtracts.
    values.reset();
    let recorded = 0;
    let ms = Number.POSITIVE_INFINITY;
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < VALUES; k++) values.record(k * 1_000);
      recorded += VALUES;
      let count = 0;
      const call = how === RESET ? () => values.reset() : () => values.snapshot();
      [ms] = [Math.min(ms, quickest(1, () => ({ count } = call()))[0])];
      if (count !== recorded) throw new Error(`${count} values were read, not ${recorded}`);
      if (how === RESET) recorded = 0;
    }
    await engine.close();
    return { us: ms * 1_000 };
  },
};
