// From ingest to subscriber in pipelines chosen by a seed: rings that wrap, every way in, readers that hold back or are lapped.
//
// A plain model says which records carry a mark. What each sample may be at most is known: from before the record was handed in
// until its subscriber has it. So a mark of another record, and a time that is not its own, show.
import { describe, expect, it } from 'vitest';
import { filter, map } from '../../operators/index.js';
import {
  createEngine,
  defineOperator,
  f64,
  type Records,
  type Source,
  type Stage,
  struct,
  u32,
} from '../../src/index.js';

const Item = struct({ i: u32, v: f64 });
type Item = { i: number; v: number };

const NS_PER_MS = 1e6;
const RECORDS = 1_000;
const RUNS = 4;

/** A generator of Lehmer's. */
class Random {
  constructor(private state: number) {}
  below(n: number): number {
    this.state = (this.state * 48_271) % 2_147_483_647;
    return this.state % n;
  }
  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}

interface Delivered extends Item {
  readonly most: number;
}

/** A record of the model: of which of the source's it comes, and whether it has that one's mark. */
interface Modelled extends Item {
  readonly isMarked: boolean;
}

/** Adds a stage, and does the same to the model. */
function addStage(
  input: Source<Item> | Stage<Item>,
  model: readonly Modelled[],
  random: Random,
  options: object,
): [Stage<Item>, Modelled[]] {
  const n = 2 + random.below(4);
  switch (random.below(3)) {
    case 0:
      return [
        input.stage(
          options,
          filter((r, { n }) => r.v % n !== 0, { using: { n } }),
        ),
        model.filter(({ v }) => v % n !== 0),
      ];
    case 1:
      return [
        input.stage(
          options,
          map((r, { n }) => ({ i: r.i, v: r.v + n }), { using: { n }, out: Item }),
        ),
        model.map((r) => ({ ...r, v: r.v + n })),
      ];
    default: {
      // None of some, several of others: the first carries the mark on.
      const many = defineOperator<Item, Item, never, {}, { readonly n: number }>({
        name: 'many',
        constants: { n },
        out: Item,
        step: (r, _state, emit, { n }) => {
          for (let k = 0; k < r.i % n; k++) emit({ i: r.i, v: r.v + k });
        },
      });
      const emitted = (r: Modelled) =>
        Array.from({ length: r.i % n }, (_, k) => ({ ...r, v: r.v + k, isMarked: r.isMarked && k === 0 }));
      return [input.stage(options, many), model.flatMap(emitted)];
    }
  }
}

/** Hands all in, in random ways, and notes for each record when that began. */
async function feed(source: Source<Item>, began: number[], random: Random): Promise<void> {
  const writer = source.writer();
  for (let i = 0; i < RECORDS; ) {
    const now = performance.now();
    began[i] = now;
    const record = { i, v: i };
    switch (random.below(5)) {
      case 0: {
        const length = Math.min(1 + random.below(100), RECORDS - i);
        const numbers = Array.from({ length }, (_, k) => i + k);
        began.push(...numbers.slice(1).map(() => now));
        source.nextMany(
          random.below(2) === 0 ? { i: numbers, v: numbers } : numbers.map((n) => ({ i: n, v: n })),
        );
        i += length;
        continue;
      }
      case 1:
        while (!source.tryNext(record)) {
          await source.ready();
          began[i] = performance.now();
        }
        break;
      case 2:
        for (let view = writer.claim(); ; view = writer.claim()) {
          if (view !== undefined) {
            Object.assign(view, record);
            began[i] = performance.now();
            writer.publish();
            break;
          }
          await source.ready();
        }
        break;
      default:
        source.next(record);
    }
    i++;
    if (random.below(200) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Notes of each record that is delivered which it is, and what its sample may be at most, in nanoseconds. */
function follow(began: readonly number[], seen: Delivered[]) {
  return ({ i, v }: Item) => {
    seen.push({ i, v, most: (performance.now() - (began[i] as number)) * NS_PER_MS });
  };
}

function expectWithin(
  samples: { count: number; percentile(p: number): number },
  most: readonly number[],
): void {
  const sorted = [...most].sort((a, b) => a - b);
  for (const p of [1, 10, 25, 50, 75, 90, 99, 100]) {
    if (sorted.length === 0) continue;
    const rank = Math.max(1, Math.ceil((p * sorted.length) / 100));
    expect(samples.percentile(p), `percentile ${p}`).toBeLessThanOrEqual(
      (sorted[rank - 1] as number) * (1 + 1 / 128) + 1,
    );
  }
}

const cases = (['js', 'wasm'] as const).flatMap((backend) =>
  (['inline', 'worker', 'apart'] as const).map((placement) => ({ backend, placement })),
);

describe.each(cases)('latency() of random pipelines on $backend, $placement', ({ backend, placement }) => {
  /** One run: a source, up to three stages, subscribers everywhere. */
  async function run(seed: number, isLapped: boolean): Promise<void> {
    const random = new Random(1 + seed * 7_919);
    const engine = createEngine({
      placement: placement === 'inline' ? 'inline' : 'worker',
      backend,
      memory: 2 ** 26,
    });
    const every = random.pick([1, 2, 3, 10, 97]);
    const source = engine.source(Item, { stampEvery: every, capacity: random.pick([1, 2, 8, 64]) });
    let model: Modelled[] = Array.from({ length: RECORDS }, (_, i) => ({
      i,
      v: i,
      isMarked: i % every === 0,
    }));
    const began: number[] = [];
    const followed: {
      records: Records<Item>;
      model: Modelled[];
      seen: Delivered[];
    }[] = [];
    let input: Source<Item> | Stage<Item> = source;
    const take = (records: Records<Item>) => {
      const seen: Delivered[] = [];
      const next = follow(began, seen);
      if (isLapped) {
        let count = 0;
        records.views({ overflow: 'drop-oldest' }).subscribe((view) => {
          next(view);
          // Now and then it is slower than those that feed it.
          const until = performance.now() + (++count % 50 === 0 ? 2 : 0);
          while (performance.now() < until);
        });
      } else records.subscribe(next);
      followed.push({ records, model, seen });
    };
    const stages = 1 + random.below(3);
    take(source);
    for (let k = 0; k < stages; k++) {
      const where =
        placement === 'inline' ? {} : { placement: { worker: placement === 'apart' ? `w${k}` : 'w' } };
      const options = { ...where, name: `stage ${k}`, capacity: random.pick([1, 2, 8, 64]) };
      [input, model] = addStage(input, model, random, options);
      // Stages that run through each other see what comes of a record to the end; between others goes one record that is marked.
      if (placement !== 'apart') {
        const origins = new Set<number>();
        model = model.map((r) => {
          const isMarked = r.i % every === 0 && !origins.has(r.i);
          origins.add(r.i);
          return { ...r, isMarked };
        });
      }
      take(input);
    }
    const times = followed.map(({ records }) => records.latency());
    await feed(source, began, random);
    await engine.idle();
    followed.forEach(({ model, seen }, k) => {
      const samples = (times[k] as (typeof times)[number]).snapshot();
      const marked = new Map<string, number>();
      for (const { i, v, isMarked } of model) if (isMarked) marked.set(`${i} ${v}`, 1);
      const delivered = seen.filter(({ i, v }) => marked.delete(`${i} ${v}`));
      if (!isLapped) {
        expect(seen.length).toBe(model.length);
        expect(samples.count).toBe(delivered.length);
        expectWithin(
          samples,
          delivered.map(({ most }) => most),
        );
      } else {
        expect(seen.length).toBeLessThanOrEqual(model.length);
        expect(samples.count).toBeLessThanOrEqual(delivered.length);
        expect(samples.max).toBeLessThanOrEqual(Math.max(0, ...delivered.map(({ most }) => most)));
      }
    });
    await engine.close();
  }

  for (const isLapped of [false, true]) {
    it(`has ${isLapped ? 'no sample that is not a delivered record’s' : 'one sample of each marked record'}`, async () => {
      const first = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 20));
      for (let seed = first; seed < first + (process.env.SEED ? 1 : RUNS); seed++) {
        try {
          await run(seed, isLapped);
        } catch (error) {
          throw Object.assign(error as Error, { message: `${(error as Error).message} (SEED=${seed})` });
        }
      }
    }, 120_000);
  }
});
