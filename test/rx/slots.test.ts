// Slot stores by hand and by stages: what is stored is found, whole, in every thread, and told of as changes.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { map, stateful, toSlots } from '../../operators/index.js';
import {
  bool,
  createEngine,
  type Engine,
  f32,
  f64,
  i64,
  openSlots,
  struct,
  text,
  u8,
  u32,
  u64,
} from '../../src/index.js';
import { bundleThread } from '../thread-bundle.js';
import { codeOf } from '../thrown.js';

const Quote = struct({ id: u32, symbol: text, price: f64 });
const quote = (id: number, price: number, symbol = `s${id}`) => ({ id, symbol, price });

const engines: Engine[] = [];
function engineOf(placement: 'worker' | 'inline'): Engine {
  const engine = createEngine({ placement, memory: 2 ** 26, name: 'slots' });
  engines.push(engine);
  return engine;
}
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});

describe.each(['worker', 'inline'] as const)('a slot store of an engine with placement %s', (placement) => {
  it('gives the latest value of an index, and undefined before there is one', () => {
    const store = engineOf(placement).slots(Quote, 3);
    expect(store.get(1)).toBeUndefined();
    store.set(1, quote(1, 10));
    store.set(1, quote(1, 11));
    store.set(2, quote(2, 5));
    expect(store.get(1)).toEqual(quote(1, 11));
    expect([...store.snapshot()]).toEqual([
      [1, quote(1, 11)],
      [2, quote(2, 5)],
    ]);
    expect([store.size, store.capacity, store.struct]).toEqual([3, 3, Quote]);
  });

  it('refuses an index that it does not have, and one that is none', () => {
    const store = engineOf(placement).slots(Quote, 3);
    for (const index of [-1, 3, 0.5, Number.NaN]) {
      expect(codeOf(() => store.set(index, quote(1, 1)))).toBe('SLOT_RANGE');
      expect(codeOf(() => store.get(index))).toBe('SLOT_RANGE');
    }
    expect(codeOf(() => store.get('1' as never))).toBe('SLOT_KEY');
  });

  it('keeps as many keys as it has slots, and is as it was after one more', () => {
    const store = engineOf(placement).slots(Quote, 100, { key: u32 });
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 100; i++) store.set(i * 7_919, quote(i, round));
    }
    expect(codeOf(() => store.set(1, quote(1, 1)))).toBe('SLOTS_FULL');
    expect(store.get(1)).toBeUndefined();
    expect(store.size).toBe(100);
    expect([...store.snapshot()]).toEqual(Array.from({ length: 100 }, (_, i) => [i * 7_919, quote(i, 1)]));
  });

  it('does not show a key whose record was refused', () => {
    const store = engineOf(placement).slots(Quote, 2, { key: u32 });
    expect(() => store.set(1, { id: 1, symbol: 'a', price: 'ten' as never })).toThrow(TypeError);
    expect([store.size, store.get(1)]).toEqual([0, undefined]);
    store.set(2, quote(2, 2));
    store.set(1, quote(1, 1));
    expect(() => store.set(1, { id: 1, symbol: 'a', price: 'ten' as never })).toThrow(TypeError);
    expect([...store.snapshot().keys()]).toEqual([2, 1]);
    expect(store.get(1)).toEqual(quote(1, 1));
  });

  it('takes keys of every type, with NaN equal to NaN and -0 to 0, and tuples of them', () => {
    const engine = engineOf(placement);
    const V = struct({ v: f64 });
    const numbers = engine.slots(V, 8, { key: f64 });
    for (const [i, key] of [Number.NaN, -0, 0, Number.NaN, 1.5].entries()) numbers.set(key, { v: i });
    expect([...numbers.snapshot()].map(([key, { v }]) => [key, v])).toEqual([
      [Number.NaN, 3],
      [0, 2],
      [1.5, 4],
    ]);
    const floats = engine.slots(V, 8, { key: f32 });
    floats.set(0.1, { v: 1 });
    expect(floats.get(Math.fround(0.1))).toEqual({ v: 1 });
    const tuples = engine.slots(V, 8, { key: [text, i64, bool, u64, u8] });
    const key = ['a', -1n, true, 2n ** 64n - 1n, 255] as const;
    tuples.set(key, { v: 7 });
    expect(tuples.get([...key])).toEqual({ v: 7 });
    expect(tuples.get(['a', -1n, false, 2n ** 64n - 1n, 255])).toBeUndefined();
    expect(tuples.get(['never came in', -1n, true, 1n, 255])).toBeUndefined();
    expect([...tuples.snapshot().keys()]).toEqual([[...key]]);
    for (const wrong of [1, ['a'], ['a', 1, true, 1n, 1], ['a', 1n, true, 1n, 256]]) {
      expect(codeOf(() => tuples.set(wrong as never, { v: 1 }))).toBe('SLOT_KEY');
    }
    expect(codeOf(() => tuples.get(1 as never))).toBe('SLOT_KEY');
  });

  it('has one writer at a time', async () => {
    const engine = engineOf(placement);
    const store = engine.slots(Quote, 10, { name: 'latest' });
    store.set(0, quote(0, 0));
    const source = engine.source(Quote);
    const write = () =>
      source.stage(
        { name: 'last' },
        toSlots(store, (q) => q.id),
      );
    expect(write).toThrow('Cannot write to slot store latest: the code that calls set() writes it');
    store.release();
    write();
    expect(() => store.set(1, quote(1, 1))).toThrow(
      'Cannot write to slot store latest: stage last writes it',
    );
    expect(codeOf(() => engine.source(Quote).stage(toSlots(store, (q) => q.id)))).toBe('SLOTS_WRITTEN');
    // What is not its own it does not release.
    store.release();
    expect(codeOf(() => store.set(1, quote(1, 1)))).toBe('SLOTS_WRITTEN');
  });

  it('can be written again once the pipeline that wrote it has been taken down', async () => {
    const engine = engineOf(placement);
    const store = engine.slots(Quote, 10);
    const abort = new AbortController();
    const source = engine.source(Quote);
    source
      .stage(
        { signal: abort.signal },
        toSlots(store, (q) => q.id),
      )
      .subscribe({ error: () => {} });
    source.next(quote(3, 1));
    await engine.idle();
    abort.abort();
    const deadline = Date.now() + 20_000;
    while (codeOf(() => store.set(3, quote(3, 2))) !== undefined) {
      expect(Date.now()).toBeLessThan(deadline);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(store.get(3)).toEqual(quote(3, 2));
  });

  it('tells of changes, the latest of each slot, from the subscription on or from the start', async () => {
    const store = engineOf(placement).slots(Quote, 200, { key: u32 });
    store.set(1, quote(1, 1));
    const now: unknown[] = [];
    const all: unknown[] = [];
    const subscriptions = [
      store.changes().subscribe(({ key, value }) => now.push([key, value.price])),
      store.changes({ from: 'start' }).subscribe(({ key, value }) => all.push([key, value.price])),
    ];
    const until = async (condition: () => boolean) => {
      const deadline = Date.now() + 20_000;
      while (!condition()) {
        expect(Date.now()).toBeLessThan(deadline);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    await until(() => all.length === 1);
    for (let i = 0; i < 200; i++) store.set(i, quote(i, 2));
    await until(() => now.length >= 200 && all.length >= 201);
    expect(new Map(now as [number, number][])).toEqual(
      new Map(Array.from({ length: 200 }, (_, i) => [i, 2])),
    );
    for (let i = 0; i < 50; i++) store.set(7, quote(7, 100 + i));
    await until(() => (now.at(-1) as number[])[1] === 149 && (all.at(-1) as number[])[1] === 149);
    // Written at one go: what was overwritten is left out.
    expect(now.length).toBeLessThan(250);
    for (const subscription of subscriptions) subscription.unsubscribe();
    const before = [now.length, all.length];
    store.set(7, quote(7, 7));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([now.length, all.length]).toEqual(before);
  });

  it('refuses capacities and keys that can not be', () => {
    const engine = engineOf(placement);
    for (const capacity of [0, -1, 1.5, 2 ** 28 + 1, Number.NaN]) {
      expect(codeOf(() => engine.slots(Quote, capacity))).toBe('SLOTS_CAPACITY');
    }
    expect(codeOf(() => engine.slots(Quote, 2 ** 27))).toBe('MEMORY_PLAN');
    expect(codeOf(() => engine.slots(Quote, 1, { key: 'u32' as never }))).toBe('OPTION');
    expect(codeOf(() => engine.slots({} as never, 1))).toBe('NOT_A_STRUCT');
  });
});

describe.each([
  ['js', 'worker'],
  ['wasm', 'worker'],
  ['js', 'inline'],
  ['wasm', 'inline'],
] as const)('toSlots() on %s, %s', (backend, placement) => {
  it('stores each record under its index or key, and lets it pass', async () => {
    const engine = engineOf(placement);
    const byIndex = engine.slots(Quote, 10);
    const byKey = engine.slots(struct({ price: f64 }), 10, { key: [text, u8, bool] });
    const byNumber = engine.slots(Quote, 10, { key: f64 });
    const source = engine.source(Quote);
    const stage = source.stage(
      { backend },
      toSlots(byIndex, (q) => q.id % 10),
      toSlots(byKey, (q) => [q.symbol, q.id + 256, q.id > 1] as const, {
        value: (q, { times }) => ({ price: q.price * times }),
        using: { times: 1 },
      }),
      toSlots(byNumber, (q, { not }) => (q.id > 2 ? q.price / not - q.price / not : -0), {
        using: { not: 0 },
      }),
      map((q) => ({ id: q.id, twice: q.price * 2 })),
    );
    expect(stage.explain().backend).toBe(backend);
    const seen: number[] = [];
    stage.subscribe(({ twice }) => seen.push(twice));
    for (const id of [1, 2, 3, 11, 2]) source.next(quote(id, id * 100, `s${id % 10}`));
    await engine.idle();
    expect(seen).toEqual([200, 400, 600, 2200, 400]);
    expect([...byIndex.snapshot()]).toEqual([
      [1, quote(11, 1100, 's1')],
      [2, quote(2, 200)],
      [3, quote(3, 300)],
    ]);
    expect([...byKey.snapshot()]).toEqual([
      [['s1', 1, false], { price: 100 }],
      [['s2', 2, true], { price: 200 }],
      [['s3', 3, true], { price: 300 }],
      [['s1', 11, true], { price: 1100 }],
    ]);
    expect([...byNumber.snapshot()].map(([key, q]) => [key, q.id])).toEqual([
      [0, 2],
      [Number.NaN, 11],
    ]);
  });

  it('stores what a stateful keeps, and ends the stage with a key too many', async () => {
    const engine = engineOf(placement);
    const Sum = struct({ id: u32, sum: f64 });
    const sums = engine.slots(Sum, 3, { key: u32, name: 'sums' });
    const source = engine.source(Quote);
    const stage = source.stage(
      { backend, name: 'adding' },
      stateful(
        (q) => q.id,
        (q) => ({ id: q.id, sum: q.price }),
        (s, q) => {
          s.sum += q.price;
        },
      ),
      toSlots(sums, (s) => s.id),
    );
    let failure: { message?: string; operator?: string; cause?: { code?: string } } = {};
    stage.subscribe({ error: (error) => (failure = error) });
    for (const id of [5, 6, 5, 7, 8, 5]) source.next(quote(id, id));
    await engine.idle();
    expect(failure.message).toContain('Cannot add a key to slot store sums: all 3 slots are taken');
    expect(failure.operator).toBe('toSlots');
    expect(failure.cause?.code).toBe('SLOTS_FULL');
    expect([...sums.snapshot().values()].map(({ sum }) => sum)).toEqual([10, 6, 7]);
  });

  it('skips a record with an index that the store does not have', async () => {
    const engine = engineOf(placement);
    const store = engine.slots(Quote, 2);
    const source = engine.source(Quote);
    const stage = source.stage(
      { backend, onError: 'skip' },
      toSlots(store, (q) => q.price),
    );
    const letters: string[] = [];
    stage.deadLetters.subscribe(({ message }) => letters.push(message));
    for (const price of [1, 2, -1, 0.5, Number.NaN, 0]) source.next(quote(9, price));
    await engine.idle();
    expect(letters).toHaveLength(4);
    expect(letters[0]).toContain('Cannot access slot 2 of');
    expect([...store.snapshot().keys()]).toEqual([0, 1]);
  });
});

it('toSlots() refuses what is no store, one of another engine, and records without its fields', () => {
  const engine = engineOf('inline');
  const source = engine.source(Quote);
  expect(codeOf(() => toSlots({} as never, () => 1))).toBe('SLOTS_UNUSABLE');
  const other = engineOf('inline').slots(Quote, 2);
  expect(codeOf(() => source.stage(toSlots(other, (q) => q.id)))).toBe('SLOTS_UNUSABLE');
  const store = engine.slots(struct({ volume: f64 }), 2, { key: text });
  expect(() => source.stage(toSlots(store as never, (q: { symbol: string }) => q.symbol))).toThrow(TypeError);
  expect(
    codeOf(() => source.stage(toSlots(engine.slots(Quote, 2, { key: text }), (q) => q.id as never))),
  ).toBe('KEY_UNUSABLE');
  // Nothing of what was refused holds a store.
  store.set('a', { volume: 1 });
});

it('a posted handle opens a store in another thread, which reads it, or writes it once it may', async () => {
  const engine = engineOf('worker');
  const store = engine.slots(Quote, 10, { key: text });
  store.set('a', quote(1, 1, 'x'));
  const worker = new Worker(await bundleThread(new URL('slots-thread.ts', import.meta.url)), {
    eval: true,
    workerData: store.handle,
  });
  const [first] = (await once(worker, 'message')) as [unknown];
  expect(first).toEqual({ got: quote(1, 1, 'x'), keys: ['a'], refused: 'SLOTS_WRITTEN' });
  const change = new Promise((resolve) => store.changes().subscribe(resolve));
  store.release();
  worker.postMessage('write');
  expect(await change).toEqual({ key: 'a', value: quote(2, 2, 'x') });
  worker.postMessage('end');
  await once(worker, 'exit');
  expect(openSlots(store.handle).get('a')).toEqual(quote(2, 2, 'x'));
});
