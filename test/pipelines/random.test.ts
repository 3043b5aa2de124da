// Random pipelines over random structs and records: plain RxJS, inline and worker give equal results.
import fc from 'fast-check';
import { from, lastValueFrom, type Observable, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import * as operators from '../../operators/index.js';
import {
  bool,
  createEngine,
  type Engine,
  type Fused,
  f64,
  i64,
  keyedTable,
  struct,
  text,
} from '../../src/index.js';
import { scalars } from '../../src/schema/index.js';
import * as models from '../models/index.js';

/** What every recipe can rely on: a record with numbers `a` and `b`, a key `k`, a text `t`, a flag `f` and a bigint `g`. */
interface Item {
  k: number;
  a: number;
  b: number;
  t: string;
  f: boolean;
  g: bigint;
}

type Ops = typeof operators;

/** One operator, made by the library or by the models: both have the same signatures. */
type Recipe = (ops: Ops) => Fused<Item, Item>;

const Whole = struct({ k: f64, a: f64, b: f64, t: text, f: bool, g: i64 }, 'Whole');

const recipes: Readonly<Record<string, Recipe>> = {
  mapArithmetic: (ops) =>
    ops.map((r: Item) => ({ k: r.k, a: r.a * 2 - r.b, b: Math.abs(r.b) + 1, t: r.t, f: r.a > r.b, g: r.g })),
  mapSpread: (ops) => ops.map((r: Item) => ({ ...r, b: r.a + r.b, f: !r.f })),
  mapReordered: (ops) => ops.map(({ t, g, ...rest }: Item) => ({ g, t, ...rest })),
  mapUsing: (ops) =>
    // biome-ignore lint/suspicious/noExplicitAny: what `using` gives is cast below.
    ops.map((r: Item, { by }: any) => ({ k: r.k, a: r.a + by.x, b: r.b * by.y, t: r.t, f: r.f, g: r.g }), {
      using: { by: { x: 0.5, y: 3 } },
    } as never) as never,
  mapBranches: (ops) =>
    ops.map((r: Item) => {
      if (r.f) return { k: r.k, a: r.b, b: r.a, t: r.t, f: r.f, g: r.g };
      const a = r.a > 0 ? r.a : -r.a;
      return { k: r.k, a, b: r.b, t: r.t === 'x' ? 'X' : r.t, f: true, g: r.g };
    }),
  filterSmall: (ops) => ops.filter((r: Item) => r.a < 100 && r.k !== 2),
  filterText: (ops) => ops.filter((r: Item) => r.t !== 'drop'),
  tap: (ops) => ops.tap(() => {}),
  stateful: (ops) =>
    ops.stateful(
      (r: Item) => r.k,
      (r: Item) => ({ k: r.k, a: r.a, b: 1, t: r.t, f: r.f, g: r.g }),
      (s: Item, r: Item) => {
        s.a = Math.max(s.a, r.a);
        s.b += 1;
        s.t = r.t;
        s.f = r.f && s.f;
      },
    ),
  statefulByTuple: (ops) =>
    ops.stateful(
      (r: Item) => [r.t, r.f, Math.trunc(r.a)],
      (r: Item) => ({ ...r, b: 0 }),
      (s: Item, r: Item) => {
        s.b += r.b;
        if (r.f) s.k = r.k;
      },
    ),
  statefulByBigint: (ops) =>
    ops.stateful(
      (r: Item) => r.g,
      (r: Item) => ({ k: r.k, a: r.a, b: r.b, t: r.t, f: r.f, g: r.g }),
      (s: Item, r: Item) => {
        s.a -= r.a;
      },
    ),
  delta: (ops) =>
    ops.delta(
      (r: Item) => r.k,
      (curr: Item, prev: Item | undefined) =>
        prev &&
        curr.a !== prev.a && { k: curr.k, a: curr.a - prev.a, b: prev.b, t: prev.t, f: curr.f, g: prev.g },
    ) as never,
  dedupBy: (ops) => ops.dedupBy((r: Item) => r.k),
  dedupBySelected: (ops) =>
    ops.dedupBy(
      (r: Item) => r.t,
      (r: Item) => [r.k, r.f],
    ),
  distinct: (ops) => ops.distinctUntilChanged(),
  distinctBy: (ops) =>
    ops.distinctUntilChanged(
      (a: number, b: number) => Math.abs(a - b) < 2,
      (r: Item) => r.k,
    ),
  distinctKey: (ops) => ops.distinctUntilKeyChanged('t') as never,
  distinctKeyFunction: (ops) => ops.distinctUntilKeyChanged((r: Item) => r.f),
  scan: (ops) =>
    ops.scan(
      (acc: Item, r: Item) => ({ k: r.k, a: acc.a + r.a, b: acc.b + 1, t: r.t, f: acc.f !== r.f, g: r.g }),
      { k: 0, a: 0, b: 0, t: '', f: false, g: 0n },
      { out: Whole },
    ) as never,
  scanInPlace: (ops) =>
    ops.scan((acc: Item, r: Item) => {
      acc.a = Math.min(acc.a, r.a);
      acc.t = r.t;
      return acc;
    }) as never,
  pairwise: (ops) =>
    chain(
      ops,
      ops.pairwise<Item>(),
      ops.map((p: any) => ({ ...p.curr, a: p.curr.a - p.prev.a })),
    ),
  pairwiseBy: (ops) =>
    chain(
      ops,
      ops.pairwiseBy((r: Item) => r.k),
      // biome-ignore lint/suspicious/noExplicitAny: two operators as one recipe.
      ops.map(({ prev, curr }: any) => ({
        k: curr.k,
        a: prev.a,
        b: curr.b,
        t: prev.t,
        f: curr.f,
        g: prev.g,
      })),
    ),
  stepMany: (ops) =>
    ops.step((r: Item, _state: unknown, emit: (r: Item) => void) => {
      for (let i = 0; i < r.k % 3; i++) emit({ k: r.k, a: r.a + i, b: i, t: r.t, f: i === 1, g: r.g });
    }),
  stepKeyed: (ops) =>
    ops.step(
      // biome-ignore lint/suspicious/noExplicitAny: the state's type comes from its struct.
      (r: Item, state: any, emit: (r: Item) => void) => {
        if (state.exists && state.value.a > r.a) emit(r);
        state.set({ a: r.a });
      },
      { key: (r: Item) => r.k, state: struct({ a: f64 }) } as never,
    ),
  stepForgets: (ops) =>
    ops.step(
      // biome-ignore lint/suspicious/noExplicitAny: the state's type comes from its struct.
      (r: Item, state: any, emit: (r: Item) => void) => {
        if (state.exists && !(state.value.a < r.a)) {
          if (state.delete()) emit(r);
          if (r.f) state.set({ a: 1 });
        } else state.set({ a: r.a });
      },
      { key: (r: Item) => [r.t, r.g], state: struct({ a: f64 }) } as never,
    ),
  stepTables: (ops) =>
    ops.step(
      // biome-ignore lint/suspicious/noExplicitAny: the tables' types come from their structs.
      (r: Item, _state: unknown, emit: (r: Item) => void, { rows, seen }: any) => {
        const row = rows.get([r.t, r.k]);
        if (row) {
          row.a = Math.max(row.a, r.a);
          row.f = !row.f;
        } else rows.set([r.t, r.k], r);
        seen.set(r.g, { n: seen.has(r.g) ? seen.get(r.g).n + 1 : seen.size });
        // biome-ignore lint/suspicious/noExplicitAny: as above.
        const gone = r.f ? rows.deleteWhere((one: any, [t]: any) => t !== r.t && one.b < r.b) : 0;
        if (seen.size > 3) seen.delete(r.g);
        let n = 0;
        // biome-ignore lint/suspicious/noExplicitAny: as above.
        rows.forEach((one: any, [t, k]: any) => {
          n = n * 3 + k;
          if (one.f && t !== 'x') emit(one);
        });
        emit({ k: r.k, a: n, b: gone + seen.size, t: r.t, f: rows.has([r.t, 1]), g: r.g });
      },
      {
        out: Whole,
        tables: {
          rows: keyedTable({ key: [text, f64], value: Whole }),
          seen: keyedTable({ key: i64, value: struct({ n: f64 }) }),
        },
      } as never,
    ),
};

/** Two operators in a row, for the library and for the models. */
function chain(ops: Ops, first: unknown, second: unknown): Fused<Item, Item> {
  if (ops === operators) {
    const parts = [first, second] as unknown as Fused<Item, Item>[];
    return { kind: 'fused', operators: parts.flatMap((part) => part.operators) };
  }
  return ((input: Observable<Item>) => input.pipe(first as never, second as never)) as never;
}

const anyNumber = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'f32', 'f64', 'i53', 'u53'] as const;
const names = ['k', 'a', 'b', 't', 'f', 'g'] as const;

const numbers: Readonly<Record<(typeof anyNumber)[number], fc.Arbitrary<number>>> = {
  i8: fc.integer({ min: -128, max: 127 }),
  u8: fc.integer({ min: 0, max: 255 }),
  i16: fc.integer({ min: -32768, max: 32767 }),
  u16: fc.integer({ min: 0, max: 65535 }),
  i32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  u32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  f32: fc.float().map(Math.fround),
  f64: fc.oneof(fc.constantFrom(0, -0, Number.NaN, 1, 2, Number.POSITIVE_INFINITY), fc.double()),
  i53: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.maxSafeInteger()),
  u53: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.maxSafeNat()),
};

const pipelines = fc
  .record({
    order: fc.shuffledSubarray([...names], { minLength: names.length }),
    a: fc.constantFrom(...anyNumber),
    b: fc.constantFrom(...anyNumber),
    stages: fc.array(fc.array(fc.constantFrom(...Object.keys(recipes)), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    }),
    capacity: fc.constantFrom(1, 4, 64, 4096),
  })
  .chain((shape) => {
    const item = fc.record({
      k: fc.integer({ min: 0, max: 4 }),
      a: fc.oneof(numbers[shape.a], fc.integer({ min: 0, max: 3 })),
      b: numbers[shape.b],
      t: fc.constantFrom('', 'x', 'drop', 'a longer text', 'ünïcode ✓'),
      f: fc.boolean(),
      g: fc.oneof(fc.bigInt({ min: -2n, max: 2n }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    });
    return fc.record({ shape: fc.constant(shape), items: fc.array(item, { maxLength: 60 }) });
  });

type Case = typeof pipelines extends fc.Arbitrary<infer C> ? C : never;

function inputStruct({ shape }: Case) {
  const types = { k: 'u8', a: shape.a, b: shape.b, t: 'text', f: 'bool', g: 'i64' } as const;
  return struct(Object.fromEntries(shape.order.map((name) => [name, scalars[types[name]]])), 'Item');
}

async function byModel(input: Case): Promise<Item[]> {
  let records = from(input.items) as Observable<Item>;
  for (const name of input.shape.stages.flat()) {
    records = records.pipe(recipes[name]?.(models as unknown as Ops) as never);
  }
  return lastValueFrom(records.pipe(toArray()));
}

async function byEngine(input: Case, engine: Engine): Promise<Item[]> {
  const { capacity, stages } = input.shape;
  const source = engine.source(inputStruct(input) as never, { capacity });
  // biome-ignore lint/suspicious/noExplicitAny: the chain's types are random.
  let last: any = source;
  for (const stage of stages)
    last = last.stage({ capacity }, ...stage.map((name) => recipes[name]?.(operators)));
  const all = lastValueFrom((last as Observable<Item>).pipe(toArray()));
  for (const item of input.items) source.next(item as never);
  source.complete();
  return all;
}

describe.each(['inline', 'worker'] as const)('random pipelines placed %s', (placement) => {
  it('give what plain RxJS gives', async () => {
    const engine = createEngine({ placement, maxWorkers: 2, memory: 2 ** 32 });
    await fc.assert(
      fc.asyncProperty(pipelines, async (input) => {
        expect(await byEngine(input, engine)).toEqual(await byModel(input));
      }),
      { numRuns: Number(process.env.RUNS ?? (placement === 'inline' ? 300 : 150)), verbose: 1 },
    );
    await engine.close();
  }, 600_000);
});
