// Histogram: what a sample costs, the clock's own cost excluded: the same loop with and without recording
import { createEngine, type Histogram, openHistogram, struct, u32 } from 'roda-rx';
import { filter, latency, map } from 'roda-rx/operators';
import type { Benchmark, Observation } from '../harness/benchmark.js';
import { costs, quickest } from './quickest.js';

const WASM = 'stage, backend wasm';
const JS = 'stage, backend js';
const HAND = 'by hand';
const OTHER = 'by hand, not the first to';
const WATCH = 'latency, backend wasm, clock and all';
const EMPTY = 'latency, nothing comes out';
const CLOCK = 'the clock alone';
const SAMPLE = 'ns a sample';

const SIZE = 20_000_000;
const QUICK_SIZE = 200_000;
/** Values recorded for each record of a stage. */
const A_RECORD = 1_000;
/** Times that both loops are run; the quickest of each counts. */
const REPEATS = 5;
const SEED = 2_463_534_242;

interface HistogramTask {
  readonly how: string;
  readonly size: number;
}

export const histogram: Benchmark = {
  name: 'histogram',
  title: 'A sample of a histogram',
  about: `Values of 0 to 16,383 are recorded in a histogram of two digits, a thousand for each record of a stage on the caller's thread, and by
hand. The same loop without recording is subtracted; of ${REPEATS} runs of each the quickest counts. Then a \`latency\` around nothing, which
looks at the clock three times for each sample, and one around what lets nothing pass, which looks twice, beside the clock alone. Counts, least, greatest value and percentiles are
compared with those of the same values in an array.`,
  rounds: 7,
  figures: [
    { key: 'cost of a sample, ns', title: SAMPLE, digits: 1, of: ({ ns }) => ns! },
    { key: 'loop without recording, ns', title: 'loop, ns', digits: 1, of: ({ loopNs }) => loopNs! },
  ],
  comparisons: [],
  goals: [WASM, JS, HAND].map((lane) => ({ lane, of: SAMPLE, must: 'at most', bound: 15 })),
  ours: [WASM, JS, HAND, OTHER, WATCH, EMPTY],
  chart: { kind: 'bars', axis: 'nanoseconds a sample', figure: 'cost of a sample, ns' },

  lanes: (scale, size = scale === 'quick' ? QUICK_SIZE : SIZE) =>
    [WASM, JS, HAND, OTHER, WATCH, EMPTY, CLOCK].map((how) => ({
      label: how,
      task: { how, size } satisfies HistogramTask,
    })),

  async observe(task) {
    const { how, size } = task as HistogramTask;
    if (how === CLOCK) return observeClock(size);
    if (how === HAND || how === OTHER) return observeHand(size, how === OTHER);
    return how === WATCH || how === EMPTY
      ? observeWatch(size, how === EMPTY)
      : observeStage(size, how === JS ? 'js' : 'wasm');
  },
};

const Seed = struct({ seed: u32 });

/** Marsaglia's xorshift: cheap, of integers only, the same on both backends. */
function next(x: number): number {
  let y = x ^ (x << 13);
  y ^= y >>> 17;
  y ^= y << 5;
  return y >>> 0;
}

async function observeStage(size: number, backend: 'js' | 'wasm'): Promise<Observation> {
  const engine = createEngine({ placement: 'inline', backend });
  const values = engine.histogram('values');
  const plain = engine.source(Seed);
  plain
    .stage(
      map(
        (r, { n }) => {
          let [x, sum] = [r.seed, 0];
          for (let i = 0; i < n; i++) {
            x ^= x << 13;
            x ^= x >>> 17;
            x ^= x << 5;
            sum += x & 16_383;
          }
          return { sum };
        },
        { using: { n: A_RECORD } },
      ),
    )
    .views()
    .subscribe();
  const recording = engine.source(Seed);
  recording
    .stage(
      map(
        (r, { n, values }) => {
          let [x, sum] = [r.seed, 0];
          for (let i = 0; i < n; i++) {
            x ^= x << 13;
            x ^= x >>> 17;
            x ^= x << 5;
            sum += x & 16_383;
            values.record(x & 16_383);
          }
          return { sum };
        },
        { using: { n: A_RECORD, values } },
      ),
    )
    .views()
    .subscribe();
  const records = size / A_RECORD;
  const run = (source: typeof plain) => {
    let seed = SEED;
    for (let i = 0; i < records; i++) {
      seed = next(seed);
      source.next({ seed });
    }
    engine.flush();
  };
  const observation = difference(
    size,
    values,
    () => run(plain),
    () => run(recording),
    () => {
      let seed = SEED;
      return function* () {
        for (let i = 0; i < records; i++) {
          seed = next(seed);
          let x = seed;
          for (let k = 0; k < A_RECORD; k++) {
            x = next(x);
            yield x & 16_383;
          }
        }
      };
    },
  );
  await engine.close();
  return observation;
}

async function observeHand(size: number, isOther: boolean): Promise<Observation> {
  const engine = createEngine();
  const first = engine.histogram('values');
  if (isOther) first.record(0);
  const values = isOther ? openHistogram(first.handle) : first;
  let kept = 0;
  const observation = difference(
    size,
    values,
    () => {
      let [x, sum] = [SEED, 0];
      for (let i = 0; i < size; i++) {
        x = next(x);
        sum += x & 16_383;
      }
      kept += sum;
    },
    () => {
      let [x, sum] = [SEED, 0];
      for (let i = 0; i < size; i++) {
        x = next(x);
        sum += x & 16_383;
        values.record(x & 16_383);
      }
      kept += sum;
    },
    () =>
      function* () {
        let x = SEED;
        for (let i = 0; i < size; i++) {
          x = next(x);
          yield x & 16_383;
        }
      },
  );
  await engine.close();
  return { ...observation, kept };
}

async function observeWatch(size: number, isEmpty: boolean): Promise<Observation> {
  const engine = createEngine({ placement: 'inline', backend: 'wasm' });
  const source = (name: string) => {
    const seeds = engine.source(Seed);
    // All are less.
    const pass = isEmpty
      ? filter((r: { readonly seed: number }) => r.seed > 1_000_000)
      : map((r: { readonly seed: number }) => ({ seed: r.seed }));
    seeds
      .stage(name === '' ? pass : latency(name, pass))
      .views()
      .subscribe();
    return seeds;
  };
  const [plain, timed] = [source(''), source('watched')];
  const count = 1_000 * Math.ceil(size / 10_000);
  const columns = { seed: Array.from({ length: 1_000 }, (_, i) => i) };
  const run = (seeds: typeof plain) => {
    for (let done = 0; done < count; done += 1_000) seeds.nextMany(columns);
  };
  const [loop, all] = quickest(
    REPEATS,
    () => run(plain),
    () => run(timed),
  );
  const samples = engine.histogram('watched').count;
  if (samples !== REPEATS * count) throw new Error(`${samples} samples of ${REPEATS * count}`);
  await engine.close();
  return costs(all, loop, count);
}

function observeClock(size: number): Observation {
  const count = size / 10;
  let last = 0;
  const loop = () => {
    for (let i = 0; i < count; i++) last = Math.max(last, performance.now());
  };
  loop();
  const [ms] = quickest(REPEATS, loop);
  return { ns: (ms / count) * 1e6, loopNs: 0, last };
}

/** Times both loops, and checks what the histogram has of one run. */
function difference(
  size: number,
  values: Histogram,
  without: () => void,
  recording: () => void,
  valuesOf: () => () => Iterable<number>,
): Observation {
  const [loop, all] = quickest(REPEATS, without, () => {
    values.reset();
    recording();
  });
  check(values, Uint16Array.from(valuesOf()()).sort(), size);
  return costs(all, loop, size);
}

/** @throws {Error} If the histogram is not that of the values. */
function check(values: Histogram, sorted: Uint16Array, size: number): void {
  const { count, min, max, ...rest } = values.snapshot();
  if (count !== size || sorted.length !== size) throw new Error(`${count} values of ${size}: ${rest.name}`);
  if (min !== sorted[0] || max !== sorted[size - 1]) throw new Error(`from ${min} to ${max}`);
  for (const p of [1, 50, 99, 99.9]) {
    const exact = sorted[Math.ceil((p / 100) * size) - 1] as number;
    const told = values.percentile(p);
    if (told < exact || told > exact * (1 + 1 / 128)) throw new Error(`p${p} is ${told}, not ${exact}`);
  }
}
