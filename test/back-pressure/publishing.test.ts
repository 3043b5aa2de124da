// When what was taken becomes visible to stages in workers, and when inline stages process it.
import { describe, expect, it, vi } from 'vitest';
import { createEngine, type Engine, type Source } from '../../src/index.js';
import { publishedSequence } from '../../src/journal/index.js';
import { withEngine } from '../rx/pipelines.js';
import { Item, same, slow, spinUntil, statsOf, upTo } from './chains.js';

/** How many records of its only source an engine has made visible. */
function published(engine: Engine): number {
  const [graph] = engine.core.graphs;
  return graph === undefined ? 0 : publishedSequence(graph.source.outlet.journal);
}

/** Blocks the thread until the engine's only worker sleeps. */
function waitUntilAsleep(engine: Engine): void {
  const { memory, pool } = engine.core;
  const bell = pool.workers[0]?.bell as number;
  expect(spinUntil(() => memory.cells.load(memory.i32, bell) !== 0)).toBe(true);
}

describe.each(['hybrid', 'park'] as const)('a source before a worker that waits by %s', (wait) => {
  /** Runs with a source before one stage, both idle. */
  const withIdle = (
    operator: ReturnType<typeof same>,
    run: (engine: Engine, source: Source<Item>) => Promise<void> | void,
  ) =>
    // What a slow stage has not processed when a test is over is not waited for.
    withEngine({ maxWorkers: 1, wait, closeTimeoutMs: 100 }, async (engine) => {
      const source = engine.source(Item, { name: 'items', capacity: 1_024 });
      source.stage({ name: 'stage' }, operator);
      source.next({ n: -1 });
      await engine.idle();
      waitUntilAsleep(engine);
      await run(engine, source);
    });

  it('publishes at once while the reader sleeps, within one piece of synchronous work', () =>
    withIdle(same(), (engine, source) => {
      for (let n = 0; n < 10; n++) {
        source.next({ n });
        expect(published(engine)).toBe(n + 2);
        expect(spinUntil(() => statsOf(engine, 'stage').recordsIn === n + 2)).toBe(true);
        waitUntilAsleep(engine);
      }
      // Also after a burst, in which it gathered many.
      for (let n = 0; n < 900; n++) source.next({ n });
      waitUntilAsleep(engine);
      source.next({ n: 0 });
      expect(published(engine)).toBe(1 + 10 + 900 + 1);
    }));

  it('publishes in batches while the reader is busy, the rest on the microtask after', () =>
    withIdle(slow(), async (engine, source) => {
      source.next({ n: 0 });
      const seen = new Set<number>();
      for (let n = 0; n < 900; n++) {
        source.next({ n });
        seen.add(published(engine));
      }
      // In batches of 2, 4, … up to 256: some ten of them, unless the reader slept in between.
      expect(seen.size).toBeLessThan(100);
      expect(published(engine)).toBeLessThan(902);
      await Promise.resolve();
      expect(published(engine)).toBe(902);
    }));

  it('publishes everything with flush(), of the source and of the engine', () =>
    withIdle(slow(), (engine, source) => {
      for (const [round, one] of [source, engine].entries()) {
        for (let n = 0; n < 200; n++) source.next({ n });
        one.flush();
        expect(published(engine)).toBe(1 + 200 * (round + 1));
      }
    }));

  it('publishes what came before with an end', () =>
    withIdle(slow(), (engine, source) => {
      for (let n = 0; n < 200; n++) source.next({ n });
      source.complete();
      expect(published(engine)).toBe(201);
    }));
});

describe('an inline engine', () => {
  /** A source before two stages, and what came out. */
  const start = () => {
    const engine = createEngine({ placement: 'inline' });
    const source = engine.source(Item);
    const seen: unknown[] = [];
    source
      .stage(same())
      .stage(same())
      .subscribe({
        next: (r) => seen.push(r.n),
        complete: () => seen.push('complete'),
        error: (error) => seen.push(error),
      });
    return { engine, source, seen };
  };

  it('processes at the batch bound of 1024, within next(), and the rest on the microtask', async () => {
    const { engine, source, seen } = start();
    for (let n = 0; n < 1023; n++) source.next({ n });
    expect(seen).toEqual([]);
    source.next({ n: 1023 });
    expect(seen).toEqual(upTo(1024));
    source.next({ n: 1024 });
    expect(seen).toHaveLength(1024);
    await Promise.resolve();
    expect(seen).toEqual(upTo(1025));
    await engine.close();
  });

  it('calls no Atomics, from its creation on', async () => {
    const calls = Object.getOwnPropertyNames(Atomics).map((name) => vi.spyOn(Atomics, name as 'load'));
    try {
      const { engine, source, seen } = start();
      for (let n = 0; n < 3_000; n++) source.next({ n });
      await engine.idle();
      source.complete();
      await engine.close();
      expect(seen).toHaveLength(3_001);
      for (const call of calls) expect(call).not.toHaveBeenCalled();
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('processes when its journal is full, within next()', async () => {
    const engine = createEngine({ placement: 'inline' });
    const source = engine.source(Item, { capacity: 4 });
    const seen: number[] = [];
    source.stage(same()).subscribe((r) => seen.push(r.n));
    for (let n = 0; n < 4; n++) source.next({ n });
    expect(seen).toEqual([]);
    source.next({ n: 4 });
    expect(seen).toEqual(upTo(4));
    await engine.close();
  });

  it.each<[string, (engine: Engine, source: Source<Item>) => unknown]>([
    ['source.flush()', (_, source) => source.flush()],
    ['engine.flush()', (engine) => engine.flush()],
    ['idle()', (engine) => engine.idle()],
    ['nextMany()', (_, source) => source.nextMany([{ n: 10 }])],
    ['nextMany() of columns', (_, source) => source.nextMany({ n: [10] })],
  ])('delivers before %s returns', async (_, call) => {
    const { engine, source, seen } = start();
    for (let n = 0; n < 10; n++) source.next({ n });
    expect(seen).toEqual([]);
    call(engine, source);
    expect(seen.slice(0, 10)).toEqual(upTo(10));
    await engine.close();
  });

  it.each(['complete', 'error'] as const)(
    'delivers everything and the end before %s() returns',
    async (how) => {
      const { engine, source, seen } = start();
      const error = new Error('over');
      for (let n = 0; n < 10; n++) source.next({ n });
      source[how](error);
      expect(seen).toEqual([...upTo(10), how === 'complete' ? 'complete' : error]);
      await engine.close();
    },
  );

  it('uses ordinary memory and no threads', async () => {
    const { engine, source } = start();
    source.next({ n: 0 });
    expect(engine.core.memory.buffer).toBeInstanceOf(ArrayBuffer);
    expect(engine.core.pool.workers).toEqual([]);
    await engine.close();
  });
});

describe('a source before a worker that spins', () => {
  it('publishes a record that comes alone at once, also where the reader is awake and one came before', () =>
    withEngine({ maxWorkers: 1, wait: 'spin' }, async (engine) => {
      const source = engine.source(Item);
      source.stage(same());
      for (let n = 0; n < 10; n++) {
        source.next({ n });
        expect(published(engine)).toBe(n + 1);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }));
});
