// using: what the functions of every operator get besides their records.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  dedupBy,
  delta,
  distinctUntilChanged,
  distinctUntilKeyChanged,
  filter,
  map,
  pairwiseBy,
  scan,
  stateful,
  step,
  tap,
} from '../../operators/index.js';
import {
  bool,
  createEngine,
  type Engine,
  f64,
  i64,
  type Source,
  type Stage,
  struct,
  text,
  u32,
  withUsing,
} from '../../src/index.js';
import { run } from './harness.js';

const Item = struct({ id: u32, v: f64, name: text }, 'Item');
type Item = { id: number; v: number; name: string };
const item = (id: number, v: number, name = '') => ({ id, v, name });
const items = [item(1, 1), item(1, 2), item(2, 1.5), item(3, 10)];
const N = struct({ n: f64 });

const uses: Record<string, (s: Source<Item>) => Stage<unknown>> = {
  map: (s) => s.stage(map((r, { by }) => ({ n: r.v * by }), { using: { by: 2 } })),
  filter: (s) => s.stage(filter((r, { limit }) => r.v >= limit, { using: { limit: 2 } })),
  tap: (s) => s.stage(tap((r, { limit }) => r.v > limit, { using: { limit: 2 } })),
  'dedupBy, key and select': (s) =>
    s.stage(
      dedupBy(
        (r, { bits }) => r.id >> bits,
        (r, { bits }) => Math.floor(r.v) >> bits,
        { using: { bits: 1 } },
      ),
    ),
  'delta, key and compare': (s) =>
    s.stage(
      delta(
        (r, { bits }) => r.id >> bits,
        (curr, prev, { bits }) => prev && { n: (curr.v - prev.v) * bits },
        { using: { bits: 1 } },
      ),
    ),
  'distinctUntilChanged, comparator and selector': (s) =>
    s.stage(
      distinctUntilChanged(
        (a, b, { by }) => Math.abs(a - b) < by,
        (r, { by }) => r.v * by,
        { using: { by: 2 } },
      ),
    ),
  distinctUntilKeyChanged: (s) =>
    s.stage(distinctUntilKeyChanged((r, { bits }) => r.id >> bits, { using: { bits: 1 } })),
  pairwiseBy: (s) => s.stage(pairwiseBy((r, { bits }) => r.id >> bits, { using: { bits: 1 } })),
  scan: (s) => s.stage(scan((acc, r, { by }) => ({ n: acc.n + r.v * by }), { n: 0 }, { using: { by: 2 } })),
  'stateful, all three': (s) =>
    s.stage(
      stateful(
        (r, { bits }) => r.id >> bits,
        (r, { bits }) => ({ n: r.v, bits }),
        (state, r, { bits }) => {
          state.n += r.v * bits;
        },
        { using: { bits: 1 } },
      ),
    ),
  'step, key and run': (s) =>
    s.stage(
      step(
        (r, state, emit, { bits }) => {
          state.set({ n: (state.exists ? state.value.n : 0) + r.v });
          for (let i = 0; i < bits; i++) emit({ n: state.value.n });
        },
        { using: { bits: 1 }, key: (r, { bits }) => r.id >> bits, state: N, out: N },
      ),
    ),
};

const results: Record<string, unknown[]> = {
  map: [2, 4, 3, 20].map((n) => ({ n })),
  filter: [items[1], items[3]],
  tap: items,
  'dedupBy, key and select': [items[0], items[1], items[2], items[3]],
  'delta, key and compare': [{ n: 1 }, { n: 8.5 }],
  'distinctUntilChanged, comparator and selector': [items[0], items[1], items[3]],
  distinctUntilKeyChanged: [items[0], items[2]],
  pairwiseBy: [
    { prev: items[0], curr: items[1] },
    { prev: items[2], curr: items[3] },
  ],
  scan: [2, 6, 9, 29].map((n) => ({ n })),
  'stateful, all three': [
    { n: 1, bits: 1 },
    { n: 3, bits: 1 },
    { n: 1.5, bits: 1 },
    { n: 11.5, bits: 1 },
  ],
  'step, key and run': [1, 3, 1.5, 11.5].map((n) => ({ n })),
};

describe('using', () => {
  it.each(Object.entries(uses))('reaches the functions of %s', (name, build) => {
    expect(run(Item, items, build)).toEqual(results[name]);
  });

  it('takes constants of every kind, tables of them, and functions', () => {
    const using = {
      number: 1.5,
      big: 2n ** 60n,
      flag: true,
      word: 'high',
      list: [10, 20, 30],
      table: { low: { limit: 1 }, high: { limit: 5 } },
      names: ['zero', 'one', 'two'],
      twice: (x: number) => x * 2,
    };
    const values = run(Item, [item(1, 3), item(2, 7)], (s) =>
      s.stage(
        map(
          (r, { number, big, flag, word, list, table, names, twice }) => ({
            sum: twice(r.v) + number + (list[r.id] ?? 0),
            big: big + 1n,
            over: flag && r.v > table.high.limit,
            word,
            name: names[r.id] ?? 'none',
          }),
          { using, out: struct({ sum: f64, big: i64, over: bool, word: text, name: text }) },
        ),
      ),
    );
    expect(values).toEqual([
      { sum: 27.5, big: 2n ** 60n + 1n, over: false, word: 'high', name: 'one' },
      { sum: 45.5, big: 2n ** 60n + 1n, over: true, word: 'high', name: 'two' },
    ]);
  });

  it('gives functions the values that they use themselves, however deep', () => {
    const scaled = withUsing((x: number, { by }) => x * by, { by: 3 });
    const shifted = withUsing((x: number, { scaled, offset }) => scaled(x) + offset, { scaled, offset: 100 });
    const values = run(Item, [item(1, 2)], (s) =>
      s.stage(
        map((r, { shifted, scaled }) => ({ a: shifted(r.v), b: scaled(r.v) }), {
          using: { shifted, scaled },
        }),
      ),
    );
    expect(values).toEqual([{ a: 106, b: 6 }]);
  });
});

describe('a live parameter', () => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine({ placement: 'inline' });
  });
  afterEach(() => engine.close());

  it('is a number inside, and holds for the next record and all after it', () => {
    const by = engine.param(2);
    const source = engine.source(Item);
    const seen: number[] = [];
    source.stage(map((r, { by }) => ({ n: r.v * by }), { using: { by } })).subscribe((r) => seen.push(r.n));
    for (const value of [2, 10, -0, Number.NaN]) {
      by.value = value;
      source.next(item(1, 1));
      source.flush();
    }
    expect(seen).toEqual([2, 10, -0, Number.NaN]);
    expect(by.value).toBeNaN();
  });

  it('is shared by operators and stages, and by the functions within using', () => {
    const by = engine.param(1);
    const source = engine.source(Item);
    const seen: number[] = [];
    const scaled = withUsing((x: number, { by }) => x * by, { by });
    source
      .stage(
        filter((r, { by }) => r.v >= by, { using: { by } }),
        map((r, { scaled }) => ({ n: scaled(r.v) }), { using: { scaled } }),
      )
      .stage(map((r, { by }) => ({ n: r.n + by }), { using: { by } }))
      .subscribe((r) => seen.push(r.n));
    source.next(item(1, 3));
    source.flush();
    by.value = 3;
    source.next(item(1, 3));
    source.next(item(1, 2));
    source.flush();
    expect(seen).toEqual([4, 12]);
  });

  it('may decide a key', () => {
    const bits = engine.param(0);
    const source = engine.source(Item);
    const seen: number[] = [];
    source
      .stage(
        stateful(
          (r, { bits }) => r.id >> bits,
          () => ({ n: 1 }),
          (state) => {
            state.n++;
          },
          { using: { bits } },
        ),
      )
      .subscribe((r) => seen.push(r.n));
    for (const value of [0, 0, 1, 1, 0]) {
      bits.value = value;
      source.next(item(2, 0));
      source.flush();
    }
    expect(seen).toEqual([1, 2, 1, 2, 3]);
  });
});
