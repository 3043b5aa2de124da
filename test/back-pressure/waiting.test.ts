// How threads wait for room: briefly awake, then asleep, in slices; and those that may not sleep not at all.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Graph } from '../../src/engine/graph.js';
import { isWriterWaiting } from '../../src/journal/index.js';
import { platform } from '../../src/runtime/platform/index.js';
import { withEngine } from '../rx/pipelines.js';
import { burst, Item, readAll, same, slow, upTo } from './chains.js';

const turns = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

afterEach(() => {
  vi.restoreAllMocks();
});

describe('next() on a full journal', () => {
  it('sleeps in slices of at most two milliseconds, between which it looks at the workers', () =>
    withEngine({ maxWorkers: 1 }, (engine) => {
      const source = engine.source(Item, { capacity: 1 });
      source.stage(slow());
      const check = vi.spyOn(engine.core, 'checkWorkers');
      const wait = vi.spyOn(Atomics, 'wait');
      for (let n = 0; n < 20; n++) source.next({ n });
      expect(wait.mock.calls.length).toBeGreaterThan(0);
      for (const [, , , timeoutMs] of wait.mock.calls) expect(timeoutMs).toBeLessThanOrEqual(2);
      expect(check.mock.calls.length).toBeGreaterThanOrEqual(wait.mock.calls.length);
    }));

  it('is woken by the reader that makes room, and no longer names a bell once it has it', () =>
    // The worker never rests: else it would ring this thread when it does.
    withEngine({ maxWorkers: 1, wait: 'spin' }, (engine) => {
      const source = engine.source(Item, { capacity: 1 });
      source.stage(slow());
      const [graph] = engine.core.graphs;
      const { journal } = (graph as Graph).source.outlet;
      const wait = vi.spyOn(Atomics, 'wait');
      for (let n = 0; n < 50; n++) {
        source.next({ n });
        expect(isWriterWaiting(journal)).toBe(false);
      }
      const woken = wait.mock.results.map(({ value }) => value);
      expect(woken).toContain('ok');
    }));

  it('naps once in a long journal, and sleeps on its bell from then on', () =>
    // What the stage has not processed when the test is over is not waited for.
    withEngine({ maxWorkers: 1, closeTimeoutMs: 100 }, (engine) => {
      const source = engine.source(Item, { capacity: 8_192 });
      source.stage(slow()).subscribe({ error: () => {} });
      const wait = vi.spyOn(Atomics, 'wait');
      const waits: unknown[][] = [];
      for (let tries = 0; tries < 50 && waits.every(({ length }) => length < 3); tries++) {
        while (source.tryNext({ n: 0 }));
        wait.mockClear();
        source.next({ n: 0 });
        waits.push(wait.mock.calls.map(([, , , timeoutMs]) => timeoutMs));
      }
      const [nap, ...sleeps] = waits.at(-1) as unknown[];
      expect(nap).toBe(0.05);
      expect(sleeps.length).toBeGreaterThanOrEqual(2);
      for (const ms of sleeps) expect(ms).toBe(2);
    }));

  it('looks at other engines more often while they are busy', () =>
    withEngine({ maxWorkers: 1 }, (other) =>
      withEngine({ maxWorkers: 1 }, (engine) => {
        const busy = other.source(Item);
        busy.stage(slow());
        busy.nextMany(upTo(30).map((n) => ({ n })));
        const source = engine.source(Item, { capacity: 1 });
        source.stage(slow());
        const wait = vi.spyOn(Atomics, 'wait');
        for (let n = 0; n < 3; n++) source.next({ n });
        expect(wait.mock.calls.length).toBeGreaterThan(0);
        for (const [, , , timeoutMs] of wait.mock.calls) expect(timeoutMs).toBeLessThanOrEqual(0.05);
      }),
    ));

  it('never sleeps in an inline engine: there is nobody to wait for', () =>
    withEngine({ placement: 'inline' }, (engine) => {
      const source = engine.source(Item, { capacity: 1 });
      let seen = 0;
      source.stage({ capacity: 1 }, same()).subscribe(() => {
        seen++;
      });
      const wait = vi.spyOn(Atomics, 'wait');
      for (let n = 0; n < 100; n++) source.next({ n });
      source.flush();
      expect(seen).toBe(100);
      expect(wait).not.toHaveBeenCalled();
    }));
});

describe('a thread that may not block, as the main thread of a browser,', () => {
  /** Until the test is over. */
  const forbidBlocking = () => {
    vi.spyOn(platform() as { canBlock: boolean }, 'canBlock', 'get').mockReturnValue(false);
    return vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      throw new TypeError('Atomics.wait cannot be called in this context');
    });
  };

  it('is told by next() that there is no room, takes what there is room for, and may wait with ready()', () =>
    withEngine({ maxWorkers: 1 }, async (engine) => {
      const source = engine.source(Item, { name: 'items', capacity: 4 });
      const reader = source.stage(same()).reader();
      const wait = forbidBlocking();
      const taken: number[] = [];
      let refused = 0;
      // Before the worker has started nobody reads.
      for (let n = 0; n < 1_000 || refused === 0; n++) {
        try {
          source.next({ n });
          taken.push(n);
        } catch (error) {
          expect(error).toMatchObject({ code: 'SOURCE_FULL' });
          refused++;
        }
      }
      for (let n = 0; n < 100; n++) {
        await source.ready();
        expect(source.tryNext({ n })).toBe(true);
        taken.push(n);
      }
      expect(wait).not.toHaveBeenCalled();
      source.complete();
      expect(await readAll(reader)).toEqual(taken);
    }));

  it('goes on with its inline stages when the worker behind them has made room', () =>
    withEngine({ maxWorkers: 1 }, async (engine) => {
      const source = engine.source(Item, { capacity: 64 });
      const inline = source.stage({ placement: 'inline', capacity: 4 }, same());
      const reader = inline.stage({ placement: { worker: 'behind' }, capacity: 4 }, burst(3)).reader();
      const wait = forbidBlocking();
      const consumed = source.consume(upTo(200).map((n) => ({ n })));
      const read = readAll(reader);
      expect(await consumed).toBe(200);
      source.complete();
      expect(await read).toEqual(upTo(600));
      expect(wait).not.toHaveBeenCalled();
    }));
});

describe('a worker that waits for room', () => {
  it('sleeps, also while its other pipelines have records that it can not take up', () =>
    withEngine({ maxWorkers: 1 }, async (engine) => {
      const unread = engine.source(Item, { capacity: 64 });
      const reader = unread.stage({ capacity: 4 }, same()).reader();
      const other = engine.source(Item, { capacity: 64 });
      other.stage(same());
      for (let n = 0; n < 64; n++) unread.tryNext({ n });
      await vi.waitUntil(() => reader.size === 4, { timeout: 10_000, interval: 1 });
      other.tryNext({ n: 0 });
      await turns(100);
      const before = process.cpuUsage();
      await turns(500);
      const { user, system } = process.cpuUsage(before);
      // One that looked again and again would take all of it.
      expect((user + system) / 1_000).toBeLessThan(250);
      unread.complete();
      expect(await readAll(reader)).toEqual(upTo(64));
    }));
});
