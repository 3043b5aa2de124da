// What the reference models do; the operators are held to them elsewhere
import { from, lastValueFrom, type OperatorFunction, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { withUsing } from '../../src/operator/index.js';
import {
  array,
  bool,
  f32,
  f64,
  i8,
  i53,
  i64,
  struct,
  text,
  u8,
  u32,
  u53,
  u64,
} from '../../src/schema/index.js';
import { coerceBy, stored } from './coerce.js';
import * as model from './index.js';
import { comparable } from './keyed-state.js';

interface Reading {
  id: number;
  v: number;
}

function run<R>(operator: OperatorFunction<Reading, R>, ...values: [id: number, v: number][]): Promise<R[]> {
  return lastValueFrom(from(values.map(([id, v]) => ({ id, v }))).pipe(operator, toArray()));
}

describe('coerce()', () => {
  test('wraps, rounds and truncates as typed arrays do', () => {
    const S = struct({ a: i8, b: u8, c: f32, d: u32, e: i64, f: u64, g: bool, h: text });
    expect(
      coerceBy(S, { a: 200, b: -1, c: 0.1, d: 2 ** 32 + 1.9, e: 2n ** 63n, f: -1n, g: true, h: 'x' }),
    ).toEqual({
      a: -56,
      b: 255,
      c: Math.fround(0.1),
      d: 1,
      e: -(2n ** 63n),
      f: 2n ** 64n - 1n,
      g: true,
      h: 'x',
    });
  });

  test('keeps safe integers, truncates fractions towards zero, and has no -0 in integers', () => {
    const S = struct({ a: i53, b: u53 });
    expect(coerceBy(S, { a: -(2 ** 53) + 1, b: 2 ** 53 - 1 })).toEqual({ a: -(2 ** 53) + 1, b: 2 ** 53 - 1 });
    expect(coerceBy(S, { a: -0.5, b: 1.5 })).toEqual({ a: 0, b: 1 });
    expect(coerceBy(S, { a: -0, b: Number.NaN })).toEqual({ a: 0, b: 0 });
  });

  test('copies nested records and arrays, and refuses an array of another length', () => {
    const S = struct({ n: struct({ v: u8 }), list: array(u8, 2) });
    const value = { n: { v: 257 }, list: [258, 3] };
    expect(coerceBy(S, value)).toEqual({ n: { v: 1 }, list: [2, 3] });
    expect(value).toEqual({ n: { v: 257 }, list: [258, 3] });
    expect(() => coerceBy(S, { n: { v: 1 }, list: [1] })).toThrow(TypeError);
  });

  test('a stored record holds at once what its fields can hold', () => {
    const record = stored(struct({ v: u8, n: struct({ v: u8 }), list: array(i8, 2) }), {
      v: 0,
      n: { v: 0 },
      list: [0, 0],
    });
    record.v = 300;
    record.n.v = 301;
    record.list[1] = 200;
    expect([record.v, record.n.v, record.list[1]]).toEqual([44, 45, -56]);
    expect(() => {
      record.list[2] = 1;
    }).toThrow(RangeError);
  });
});

describe('keys', () => {
  test('are compared by SameValueZero, tuples by their parts', () => {
    const keys = new Map<unknown, string>();
    for (const key of [Number.NaN, 0, 1, 1n, '1', true, [1, 'a'], [1n, 'a'], ['1', 'a'], ['1,"a"']]) {
      keys.set(comparable(key), String(key));
    }
    expect(keys.size).toBe(10);
    expect(keys.has(comparable(-0))).toBe(true);
    expect(comparable([-0, Number.NaN])).toBe(comparable([0, Number.NaN]));
    expect(comparable(['a,b', 'c'])).not.toBe(comparable(['a', 'b,c']));
  });
});

describe('models', () => {
  test('map() coerces what it emits', async () => {
    const out = struct({ twice: u8 });
    expect(
      await run(
        model.map((r: Reading) => ({ twice: r.v * 2 }), { out }),
        [1, 200],
      ),
    ).toEqual([{ twice: 144 }]);
  });

  test('filter() and tap() pass records and see what they use', async () => {
    const seen: number[] = [];
    const over = model.filter((r: Reading, { limit }) => r.v > limit, { using: { limit: 1 } });
    expect(await run(over, [1, 1], [1, 2])).toEqual([{ id: 1, v: 2 }]);
    await run(
      model.tap((r: Reading) => void seen.push(r.v)),
      [1, 7],
    );
    expect(seen).toEqual([7]);
  });

  test('a function made by withUsing() gets what it uses itself', async () => {
    const isOver = withUsing((v: number, { limit }: { limit: number }) => v > limit, { limit: 1 });
    const over = model.filter((r: Reading, using) => using.isOver(r.v), { using: { isOver } });
    expect(await run(over, [1, 1], [1, 2])).toEqual([{ id: 1, v: 2 }]);
  });

  test('stateful() runs init alone on the first record and emits copies', async () => {
    const out = struct({ id: u32, sum: u8 });
    const sums = model.stateful(
      (r: Reading) => r.id,
      (r) => ({ id: r.id, sum: r.v }),
      (s, r) => {
        s.sum += r.v;
      },
      { out },
    );
    expect(await run(sums, [1, 200], [2, 1], [1, 100])).toEqual([
      { id: 1, sum: 200 },
      { id: 2, sum: 1 },
      { id: 1, sum: 44 },
    ]);
  });

  test('a keyed model fails at one key more than maxKeys', async () => {
    const one = model.dedupBy((r: Reading) => r.id, { maxKeys: 1 });
    expect(await run(one, [1, 1], [1, 2])).toHaveLength(2);
    await expect(run(one, [1, 1], [2, 2])).rejects.toThrow(RangeError);
  });

  test('delta() gives undefined first, then the record before of the key', async () => {
    const out = struct({ rise: f64 });
    const rises = model.delta(
      (r: Reading) => r.id,
      (curr, prev) => prev && curr.v > prev.v && { rise: curr.v - prev.v },
      { out },
    );
    expect(await run(rises, [1, 1], [2, 9], [1, 5], [2, 8], [1, 6])).toEqual([{ rise: 4 }, { rise: 1 }]);
  });

  test('dedupBy() compares with the last of the key, wholly or what is selected', async () => {
    const values: [number, number][] = [
      [1, Number.NaN],
      [2, 0],
      [1, Number.NaN],
      [2, -0],
    ];
    const whole = model.dedupBy((r: Reading) => r.id);
    expect(await run(whole, ...values)).toHaveLength(3);
    const selected = model.dedupBy(
      (r: Reading) => r.id,
      (r) => [Math.abs(r.v)],
    );
    expect(await run(selected, ...values)).toHaveLength(2);
  });

  test('distinctUntilChanged() compares fields, by a comparator, or what is selected', async () => {
    const values: [number, number][] = [
      [1, 1],
      [1, 1],
      [1, 1.4],
      [1, 1.8],
    ];
    expect(await run(model.distinctUntilChanged<Reading>(), ...values)).toHaveLength(3);
    const near = (a: number, b: number) => Math.abs(a - b) < 0.5;
    const distinct = model.distinctUntilChanged(near, (r: Reading) => r.v);
    expect((await run(distinct, ...values)).map(({ v }) => v)).toEqual([1, 1.8]);
  });

  test('distinctUntilKeyChanged() takes a field or a function', async () => {
    const values: [number, number][] = [
      [1, 1],
      [1, 2],
      [2, 2],
    ];
    expect(await run(model.distinctUntilKeyChanged<Reading>('id'), ...values)).toHaveLength(2);
    expect(
      await run(
        model.distinctUntilKeyChanged<Reading>((r) => [r.v > 1]),
        ...values,
      ),
    ).toHaveLength(2);
  });

  test('scan() folds with a seed, or starts with the first record', async () => {
    const out = struct({ sum: u8 });
    const sums = model.scan((acc, r: Reading) => ({ sum: acc.sum + r.v }), { sum: 250 }, { out });
    expect(await run(sums, [1, 5], [1, 5])).toEqual([{ sum: 255 }, { sum: 4 }]);
    const changed = model.scan<Reading, Reading>((acc, r) => {
      acc.v += r.v;
      return acc;
    });
    expect(await run(changed, [1, 5], [2, 5])).toEqual([
      { id: 1, v: 5 },
      { id: 1, v: 10 },
    ]);
  });

  test('pairwise() and pairwiseBy() emit prev and curr', async () => {
    const values: [number, number][] = [
      [1, 1],
      [2, 2],
      [1, 3],
    ];
    const pairs = await run(model.pairwise<Reading>(), ...values);
    expect(pairs.map(({ prev, curr }) => [prev.v, curr.v])).toEqual([
      [1, 2],
      [2, 3],
    ]);
    const byId = await run(
      model.pairwiseBy((r: Reading) => r.id),
      ...values,
    );
    expect(byId).toEqual([{ prev: { id: 1, v: 1 }, curr: { id: 1, v: 3 } }]);
  });

  test('step() emits none, one or many, with a state for each key or a seed', async () => {
    const repeat = model.step<Reading, { i: number }>(
      (r, _state, emit) => {
        for (let i = 0; i < r.v; i++) emit({ i });
      },
      { out: struct({ i: u8 }) },
    );
    expect(await run(repeat, [1, 2], [1, 0], [1, 1])).toEqual([{ i: 0 }, { i: 1 }, { i: 0 }]);

    const State = struct({ n: u32 });
    const count = (key?: (r: Reading) => unknown) =>
      model.step<Reading, { n: number }, { n: number }>(
        (_r, state, emit) => {
          if (!state.exists) state.set({ n: 0 });
          state.value.n += 1;
          emit(state.value);
        },
        { state: State, ...(key === undefined ? { seed: { n: 10 } } : { key }) },
      );
    expect(await run(count(), [1, 0], [2, 0])).toEqual([{ n: 11 }, { n: 12 }]);
    expect(
      await run(
        count((r) => r.id),
        [1, 0],
        [2, 0],
        [1, 0],
      ),
    ).toEqual([{ n: 1 }, { n: 1 }, { n: 2 }]);
  });

  test('each subscription has a state of its own', async () => {
    const distinct = model.dedupBy((r: Reading) => r.id);
    expect(await run(distinct, [1, 1])).toHaveLength(1);
    expect(await run(distinct, [1, 1])).toHaveLength(1);
  });
});
