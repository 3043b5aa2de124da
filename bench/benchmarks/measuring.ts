// Measuring: what it costs a record to be counted, let pass by a stop watch, or marked with the time
import { createEngine, type Source, type Stage, struct, u32 } from 'roda-rx';
import { latency, map, progress } from 'roda-rx/operators';
import type { Benchmark, Observation } from '../harness/benchmark.js';
import { costs, quickest } from './quickest.js';

const PROGRESS = 'progress';
const LET_PASS = 'latency of one in 1,000';
const STAMPED = 'stampEvery: 1, a stage';
const STAMPED_THREE = 'stampEvery: 1, three stages in a row';
const SELDOM = 'stampEvery: 1,000, a stage';
const BACKENDS = ['wasm', 'js'] as const;

const SIZE = 1_000_000;
const QUICK_SIZE = 20_000;
/** Records that are handed in at a time. */
const COLUMN = 1_000;
/** Short runs, the quickest of which counts. */
const RUN = 20_000;
const SELDOM_EVERY = 1_000;

interface MeasuringTask {
  readonly how: string;
  readonly backend: (typeof BACKENDS)[number];
  readonly size: number;
}

const labelled = (how: string, backend: string) => `${how}, backend ${backend}`;

export const measuring: Benchmark = {
  name: 'measuring',
  title: 'What it costs to measure',
  about: `Records pass a stage (or three, each read by the next) on the caller's thread and are taken by a subscriber, with and
without measuring, by turns; of many short runs of each the quickest counts. What is left when the one is subtracted from the other is
what it costs a record: to be counted by \`progress\`; to pass a \`latency\` that times one of a thousand, those times included; or to
come from a source with \`stampEvery\`, to a subscriber whose \`latency()\` is taken, clock and all. All counts are checked.`,
  rounds: 7,
  figures: [
    { key: 'cost of a record, ns', title: 'ns a record', digits: 1, of: ({ ns }) => ns! },
    { key: 'without measuring, ns', title: 'without, ns', digits: 1, of: ({ loopNs }) => loopNs! },
  ],
  comparisons: [],
  goals: [],
  ours: [PROGRESS, LET_PASS, STAMPED, STAMPED_THREE, SELDOM].flatMap((how) =>
    BACKENDS.map((backend) => labelled(how, backend)),
  ),
  chart: { kind: 'bars', axis: 'nanoseconds a record', figure: 'cost of a record, ns' },

  lanes: (scale, size = scale === 'quick' ? QUICK_SIZE : SIZE) =>
    [PROGRESS, LET_PASS, STAMPED, STAMPED_THREE, SELDOM].flatMap((how) =>
      BACKENDS.map((backend) => ({
        label: labelled(how, backend),
        task: { how, backend, size } satisfies MeasuringTask,
      })),
    ),

  observe: (task) => observe(task as MeasuringTask),
};

const Item = struct({ n: u32 });
type Item = { n: number };

async function observe({ how, backend, size }: MeasuringTask): Promise<Observation> {
  const engine = createEngine({ placement: 'inline', backend });
  const step = () => map((r: Item) => ({ n: r.n + 1 }));
  const every = how === SELDOM ? SELDOM_EVERY : 1;
  const isStamped = how !== PROGRESS && how !== LET_PASS;
  let [seen, sum] = [0, 0];
  const take = ({ n }: Item) => {
    seen++;
    sum += n;
  };
  const staged = (source: Source<Item>, isMeasured: boolean): Stage<Item> => {
    if (!isMeasured || isStamped) {
      const first = source.stage(step());
      return how === STAMPED_THREE ? first.stage(step()).stage(step()) : first;
    }
    if (how === PROGRESS) return source.stage(progress('records'), step());
    return source.stage(latency({ name: 'times', every: SELDOM_EVERY }, step()));
  };
  const plain = engine.source(Item);
  const measured = engine.source(Item, isStamped ? { stampEvery: every } : {});
  staged(plain, false).views().subscribe(take);
  const end = staged(measured, true);
  const times = isStamped ? end.latency() : engine.histogram('times');
  end.views().subscribe(take);

  const columns = { n: Uint32Array.from({ length: COLUMN }, (_, i) => i) };
  const count = Math.min(size, RUN);
  const run = (source: Source<Item>) => {
    for (let done = 0; done < count; done += COLUMN) source.nextMany(columns);
    engine.flush();
  };
  const repeats = Math.ceil(size / count);
  const [without, all] = quickest(
    repeats,
    () => run(plain),
    () => run(measured),
  );
  const records = repeats * count;
  const counted = how === PROGRESS ? engine.progress('records').read().count : times.count;
  const expected =
    how === PROGRESS ? records : Math.ceil(records / (how === LET_PASS ? SELDOM_EVERY : every));
  if (counted !== expected) throw new Error(`${counted} were measured, not ${expected}`);
  if (seen !== 2 * records || sum <= 0) throw new Error(`${seen} records came out, not ${2 * records}`);
  await engine.close();
  return costs(all, without, count);
}
