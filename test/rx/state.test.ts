// The keyed state of stages, asked for while they run: what a key has, and all entries.
import { afterEach, describe, expect, it } from 'vitest';
import { delta, filter, map, stateful, step, toSlots } from '../../operators/index.js';
import {
  createEngine,
  type Engine,
  f64,
  i32,
  i64,
  keyedTable,
  struct,
  text,
  u8,
  u32,
} from '../../src/index.js';

const Trade = struct({ id: u32, symbol: text, price: f64, low: i32, big: i64 });
const trade = (id: number, price: number, symbol = `s${id}`) => ({
  id,
  symbol,
  price,
  low: -id | 0,
  big: BigInt(id) - 2n,
});

const engines: Engine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
function engineOf(placement: 'worker' | 'inline', wait: 'hybrid' | 'park' | 'spin' = 'hybrid'): Engine {
  const engine = createEngine({ placement, memory: 2 ** 26, name: 'state', wait });
  engines.push(engine);
  return engine;
}
async function all<K, S>(entries: AsyncIterable<[K, S]>): Promise<[K, S][]> {
  const found: [K, S][] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: { code?: unknown }) => error.code,
  );

describe.each([
  ['js', 'worker'],
  ['wasm', 'worker'],
  ['js', 'inline'],
  ['wasm', 'inline'],
] as const)('the state of a stage on %s, %s', (backend, placement) => {
  const sums = (engine: Engine) => {
    const trades = engine.source(Trade);
    const stage = trades.stage(
      { backend, name: 'sums' },
      stateful(
        (t) => t.id,
        (t) => ({ id: t.id, symbol: t.symbol, sum: t.price, big: t.big }),
        (s, t) => {
          s.sum += t.price;
        },
      ),
    );
    return { trades, stage };
  };

  it('is what its stateful keeps for a key, and undefined for others', async () => {
    const engine = engineOf(placement);
    const { trades, stage } = sums(engine);
    expect(await stage.state(1)).toBeUndefined();
    expect(await all(stage.entries())).toEqual([]);
    for (const id of [1, 2 ** 32 - 1, 1, 2 ** 31]) trades.next(trade(id, 5, 'x'));
    await engine.idle();
    expect(await stage.state(1)).toEqual({ id: 1, symbol: 'x', sum: 10, big: -1n });
    expect(await stage.state(2 ** 32 - 1)).toMatchObject({ sum: 5, big: 2n ** 32n - 3n });
    for (const key of [2, -1, 1.5, Number.NaN, 2 ** 32]) expect(await stage.state(key)).toBeUndefined();
    expect((await all(stage.entries<number>())).map(([key, { sum }]) => [key, sum])).toEqual([
      [1, 10],
      [2 ** 32 - 1, 5],
      [2 ** 31, 5],
    ]);
    expect(await codeOf(stage.state('1'))).toBe('STATE_KEY');
    expect(await codeOf(stage.state([1]))).toBe('STATE_KEY');
  });

  it('is found for every one of many keys', async () => {
    const engine = engineOf(placement);
    const { trades, stage } = sums(engine);
    const keys = Array.from({ length: 5_000 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 0);
    for (const id of keys) trades.next(trade(id, 1, 'x'));
    await engine.idle();
    for (const key of keys.filter((_, i) => i % 50 === 0))
      expect(await stage.state(key)).toMatchObject({ id: key });
    const entries = await all(stage.entries<number>());
    expect(entries.map(([key]) => key)).toEqual(keys);
    expect(entries.every(([key, { id }]) => key === id)).toBe(true);
  });

  it('is found under keys of every kind', async () => {
    const engine = engineOf(placement);
    const trades = engine.source(Trade);
    const stage = trades.stage(
      { backend },
      stateful(
        (t) => [t.symbol, t.low, t.price, t.big, t.id > 1] as const,
        (t) => ({ n: 1, id: t.id }),
        (s) => {
          s.n += 1;
        },
      ),
    );
    for (const [id, price] of [
      [1, Number.NaN],
      [2, -0],
      [1, Number.NaN],
      [2, 0],
    ] as const) {
      trades.next(trade(id, price));
    }
    await engine.idle();
    expect(await stage.state(['s1', -1, Number.NaN, -1n, false])).toEqual({ n: 2, id: 1 });
    expect(await stage.state(['s2', -2, 0, 0n, true])).toEqual({ n: 2, id: 2 });
    expect(await stage.state(['s2', -2, 0, 0n, false])).toBeUndefined();
    expect(await stage.state(['never', -2, 0, 0n, true])).toBeUndefined();
    expect(await all(stage.entries())).toEqual([
      [['s1', -1, Number.NaN, -1n, false], { n: 2, id: 1 }],
      [['s2', -2, 0, 0n, true], { n: 2, id: 2 }],
    ]);
  });

  it('is chosen among several by operator, and among tables by name, without what was deleted', async () => {
    const engine = engineOf(placement);
    const trades = engine.source(Trade);
    const store = engine.slots(struct({ id: u32 }), 10);
    const stage = trades.stage(
      { backend },
      toSlots(store, (t) => t.id, { value: (t) => ({ id: t.id }) }),
      step(
        (t, _state, emit, { last }) => {
          if (t.price < 0) last.delete(t.id);
          else last.set(t.id, { price: t.price });
          emit(t);
        },
        { tables: { last: keyedTable({ key: u8, value: struct({ price: f64 }) }) } },
      ),
      stateful(
        (t) => t.symbol,
        (t) => ({ symbol: t.symbol, max: t.price }),
        (s, t) => {
          s.max = Math.max(s.max, t.price);
        },
      ),
      delta(
        (s) => s.symbol,
        (curr, prev) => prev && { symbol: curr.symbol, rise: curr.max - prev.max },
      ),
    );
    for (const [id, price] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [2, -1],
      [1, 7],
    ] as const) {
      trades.next(trade(id, price));
    }
    await engine.idle();
    const error = await stage.state('s1').catch((thrown) => thrown);
    expect(error.message).toContain(
      'stateful (2) and delta (3) keep a state by key; say which with { operator }',
    );
    expect(await stage.state('s1', { operator: 'stateful' })).toEqual({ symbol: 's1', max: 7 });
    expect(await stage.state('s2', { operator: 2 })).toEqual({ symbol: 's2', max: 2 });
    expect(await stage.state('s2', { operator: 'delta' })).toMatchObject({ max: 2 });
    expect(await stage.state(1, { table: 'last' })).toEqual({ price: 7 });
    expect(await stage.state(2, { table: 'last' })).toBeUndefined();
    expect(await all(stage.entries({ table: 'last' }))).toEqual([
      [1, { price: 7 }],
      [3, { price: 3 }],
    ]);
    expect(await codeOf(stage.state(1, { table: 'store' }))).toBe('STATE_UNAVAILABLE');
    expect(await codeOf(stage.state(1, { operator: 'map' }))).toBe('STATE_UNAVAILABLE');
  });

  it('is refused where there is none, and once the stage has ended', async () => {
    const engine = engineOf(placement);
    const { trades, stage } = sums(engine);
    const other = trades.stage(
      { backend, name: 'plain' },
      map((t) => ({ id: t.id })),
      filter((t) => t.id > 0),
    );
    await expect(other.state(1)).rejects.toThrow(
      'Cannot read the state of stage plain: none of its operators keeps a state by key',
    );
    trades.next(trade(1, 1));
    await engine.idle();
    expect(await stage.state(1)).toMatchObject({ sum: 1 });
    trades.complete();
    await engine.idle();
    await expect(stage.state(1)).rejects.toThrow('it has ended');
    await engine.close();
    expect(await codeOf(stage.state(1))).toBe('ENGINE_CLOSED');
  });
});

describe('a worker', () => {
  it.each(['park', 'hybrid', 'spin'] as const)(
    'that waits by %s answers while it has nothing to do',
    async (wait) => {
      const engine = engineOf('worker', wait);
      const trades = engine.source(Trade);
      const stage = trades.stage(
        stateful(
          (t) => t.id,
          (t) => ({ n: t.price }),
          (s) => {
            s.n += 1;
          },
        ),
      );
      trades.next(trade(1, 0));
      await engine.idle();
      await new Promise((resolve) => setTimeout(resolve, 50));
      const start = performance.now();
      for (let i = 0; i < 20; i++) expect(await stage.state(1)).toEqual({ n: 0 });
      // Not by the timeout of its sleep, which is a second.
      expect(performance.now() - start).toBeLessThan(10_000);
    },
  );

  it('answers under load, and its state grows', async () => {
    const engine = engineOf('worker');
    const trades = engine.source(Trade);
    const stage = trades.stage(
      stateful(
        (t) => t.id,
        (t) => ({ n: 1, price: t.price, again: t.price }),
        (s, t) => {
          s.n += 1;
          s.price = t.price;
          s.again = t.price;
        },
      ),
    );
    let last = 0;
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < 2_000; i++) trades.next(trade(i % 500, round * 2_000 + i, 'x'));
      const state = await stage.state(7);
      expect(state?.n ?? 0).toBeGreaterThanOrEqual(last);
      last = state?.n ?? 0;
      if (state) expect(state.price).toBe(state.again);
      let entries = 0;
      for await (const [, { price, again }] of stage.entries()) {
        expect(price).toBe(again);
        entries++;
      }
      expect(entries).toBeLessThanOrEqual(500);
    }
    await engine.idle();
    expect((await stage.state(7))?.n).toBe(200);
  });

  it('answers in the middle of a batch while it waits for whoever asks', async () => {
    const engine = engineOf('worker');
    const trades = engine.source(Trade, { capacity: 64 });
    const stage = trades.stage(
      { capacity: 2 },
      stateful(
        (t) => t.id,
        (t) => ({ id: t.id, n: 1 }),
        (s) => {
          s.n += 1;
        },
      ),
    );
    const reader = stage.reader();
    for (let i = 0; i < 40; i++) trades.next(trade(1, i));
    trades.flush();
    for (let i = 1; i <= 40; i++) {
      expect(await reader.receive()).toEqual({ id: 1, n: i });
      const state = await stage.state(1);
      expect(state?.n).toBeGreaterThanOrEqual(i);
      expect(state?.n).toBeLessThanOrEqual(Math.min(40, i + 3));
    }
    reader.close();
  });

  it('that is terminated leaves no question without an answer', async () => {
    const engine = createEngine({ name: 'stuck', memory: 2 ** 26, closeTimeoutMs: 300 });
    const trades = engine.source(Trade);
    const stage = trades.stage(
      stateful(
        (t) => t.id,
        (t) => ({ n: t.price }),
        (s, t) => {
          while (t.price < 0) s.n += 1;
        },
      ),
    );
    stage.subscribe({ error: () => {} });
    trades.next(trade(1, 1));
    trades.next(trade(1, -1));
    trades.flush();
    let asked = codeOf(stage.state(1));
    const late = () => new Promise<string>((resolve) => setTimeout(() => resolve('late'), 500));
    while ((await Promise.race([asked, late()])) !== 'late') asked = codeOf(stage.state(1));
    await engine.close().catch(() => {});
    expect(await asked).toBe('STATE_UNAVAILABLE');
  });
});
