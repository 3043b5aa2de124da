// The engine's own thread while there is nothing to do for it: no turn of its event loop, no timer, no sleep, no wake-up.
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { map } from '../../operators/index.js';
import type { Engine } from '../../src/index.js';
import { Item, same, slow, upTo } from '../back-pressure/chains.js';
import { PLACEMENTS, Reading, reading, withEngine } from '../rx/pipelines.js';

const QUIET_MS = 200;
const patience = { timeout: 20_000, interval: 1 };

afterEach(() => vi.restoreAllMocks());

/** Everything by which code of this thread can have itself called again later, or another thread woken; with counts. */
function watchThread() {
  const atomics = Atomics as unknown as Record<'waitAsync', () => unknown>;
  const spies = {
    turns: vi.spyOn(globalThis, 'setImmediate'),
    timers: vi.spyOn(globalThis, 'setTimeout'),
    intervals: vi.spyOn(globalThis, 'setInterval'),
    microtasks: vi.spyOn(globalThis, 'queueMicrotask'),
    sleeps: vi.spyOn(atomics, 'waitAsync'),
    blocked: vi.spyOn(Atomics, 'wait'),
    rings: vi.spyOn(Atomics, 'notify'),
  };
  return {
    rings: spies.rings,
    clear: () => {
      for (const spy of Object.values(spies)) spy.mockClear();
    },
    counts: () =>
      Object.fromEntries(Object.entries(spies).map(([name, { mock }]) => [name, mock.calls.length])),
  };
}

const nothing = { turns: 0, timers: 0, intervals: 0, microtasks: 0, sleeps: 0, blocked: 0, rings: 0 };

/** Resolves once the pump has stopped. */
async function rested({ core }: Engine): Promise<void> {
  const { pump } = core as unknown as { pump: { running: boolean } };
  await vi.waitUntil(() => !pump.running, patience);
}

describe.each(PLACEMENTS)('the thread of an engine placed %s', (placement) => {
  it.each([false, true])('is left alone while nothing is under way, with keepAlive: %s', (keepAlive) =>
    withEngine({ placement, keepAlive }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(map((r) => ({ value: r.value })));
      let seen = 0;
      stage.subscribe(() => {
        seen++;
      });
      const reader = stage.reader();
      const received = reader.receive();
      for (let round = 1; round <= 3; round++) {
        for (let i = 0; i < 100; i++) readings.next(reading(1, i));
        await engine.idle();
        await rested(engine);
        const thread = watchThread();
        await pause(QUIET_MS);
        expect(thread.counts()).toEqual(nothing);
        vi.restoreAllMocks();
        expect(seen).toBe(100 * round);
      }
      expect(await received).toEqual({ value: 0 });
    }),
  );

  it('is left alone while somebody waits for a record that does not come, and is there when it does', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const reader = readings.stage(map((r) => ({ value: r.value }))).reader();
      readings.next(reading(1, 1));
      expect(await reader.receive()).toEqual({ value: 1 });
      const received = reader.receive();
      await engine.idle();
      await rested(engine);
      const thread = watchThread();
      await pause(QUIET_MS);
      expect(thread.counts()).toEqual(nothing);
      vi.restoreAllMocks();
      readings.next(reading(1, 2));
      expect(await received).toEqual({ value: 2 });
    }));
});

describe('the thread of an engine with workers', () => {
  it('sleeps while a worker is at work, and looks every 20 ms at most', () =>
    withEngine({ maxWorkers: 1 }, async (engine) => {
      const source = engine.source(Item, { capacity: 4 });
      const reader = source.stage({ capacity: 4 }, same()).reader();
      // The stage waits for its reader: something is under way, and nothing to do here.
      let taken = 0;
      await vi.waitUntil(() => {
        while (source.tryNext({ n: taken })) taken++;
        return reader.size === 4 && taken >= 8;
      }, patience);
      await pause(50);
      const thread = watchThread();
      const start = performance.now();
      await pause(5 * QUIET_MS);
      const elapsed = performance.now() - start;
      const { turns, timers, sleeps, blocked } = thread.counts();
      expect({ turns, blocked }).toEqual({ turns: 0, blocked: 0 });
      expect(sleeps).toBeGreaterThan(0);
      expect(sleeps).toBeLessThanOrEqual(elapsed / 19 + 2);
      expect(timers).toBeLessThanOrEqual(elapsed / 19 + 2);
      // Asleep, it can be woken.
      thread.clear();
      engine.core.pump.wake();
      expect(thread.counts()).toMatchObject({ turns: 1, rings: 1 });
      vi.restoreAllMocks();
      source.complete();
      let read = 0;
      for await (const { n } of reader) expect(n).toBe(read++);
      expect(read).toBe(taken);
    }));

  it('wakes a worker that sleeps once for a batch, and one that is awake not at all', () =>
    withEngine({ maxWorkers: 1, wait: 'park' }, async (engine) => {
      const source = engine.source(Item);
      const values: number[] = [];
      source.stage(same()).subscribe(({ n }) => values.push(n));
      const { cells, i32 } = engine.core.memory;
      const bell = engine.core.pool.workers[0]?.bell as number;
      const asleep = () => cells.load(i32, bell) === 1;
      source.next({ n: 0 });
      await engine.idle();
      const n = Float64Array.from(upTo(1_000));
      for (let round = 0; round < 5; round++) {
        await vi.waitUntil(asleep, patience);
        await rested(engine);
        const thread = watchThread();
        source.nextMany({ n });
        expect(thread.rings.mock.calls.filter(([, cell]) => cell === bell)).toHaveLength(1);
        vi.restoreAllMocks();
        await engine.idle();
      }
      expect(values).toEqual([0, ...upTo(5).flatMap(() => upTo(1_000))]);
    }));

  it('rings nobody while the worker is at work, however much comes', () =>
    withEngine({ maxWorkers: 1, wait: 'park', closeTimeoutMs: 60_000 }, async (engine) => {
      const source = engine.source(Item);
      source.stage(slow()).subscribe();
      const { cells, i32 } = engine.core.memory;
      const bell = engine.core.pool.workers[0]?.bell as number;
      source.next({ n: 0 });
      await engine.idle();
      source.nextMany({ n: Float64Array.from(upTo(20)) });
      await vi.waitUntil(() => cells.load(i32, bell) === 0, patience);
      const thread = watchThread();
      for (let i = 0; i < 50; i++) source.next({ n: i });
      source.flush();
      expect(thread.counts()).toMatchObject({ rings: 0, blocked: 0 });
      vi.restoreAllMocks();
    }));
});
