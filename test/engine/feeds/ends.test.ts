// How sources end that workers write, and what is refused of them on the main thread.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { filter, tap } from '../../../operators/index.js';
import { createEngine } from '../../../src/index.js';
import { spinUntil } from '../../back-pressure/chains.js';
import { thrown } from '../../journal/by-hand/kit.js';
import { withEngine } from '../../rx/pipelines.js';
import { counting, double, feed, feeding, Item, tell, upTo } from './kit.js';

/** Writes for ever, until it is stopped. */
const ENDLESS = feeding(
  'let n = 0; return () => { for (let i = 0; i < 100; i++) events.write({ n: n++ }); return true; };',
);
/** Writes ten records and never comes back. */
const STUCK = feeding('for (let n = 0; n < 10; n++) events.write({ n }); events.flush(); for (;;);');
const doubled = (seen: readonly number[]) => upTo(seen.length).map((n) => 2 * n);

describe('the source of a worker ends', () => {
  it('when the worker says so, which may go on with other things', () =>
    withEngine({}, async (engine) => {
      const after = engine.journal(Item);
      const reader = after.reader();
      const code = `events.write({ n: 1 }); events.end();
        const writer = journals.after.writer();
        try { events.write({ n: 2 }); } catch (error) { writer.write({ n: error.code === 'JOURNAL_ENDED' ? 1 : 0 }); }
        return () => false;`;
      const events = engine.source(Item);
      const told = tell(events.stage(double()));
      engine.worker(feeding(code), { events, after });
      await told.ended;
      expect(told).toMatchObject({ seen: [2], end: 'complete' });
      await reader.ready();
      expect(reader.next() && reader.current?.n).toBe(1);
    }));

  it('with the error that the worker gives it, behind all records', () =>
    withEngine({}, async (engine) => {
      const code = "events.write({ n: 1 }); events.fail(new RangeError('enough'));";
      const { told, worker } = feed(engine, feeding(code));
      await told.ended;
      expect(told.seen).toEqual([2]);
      expect(told.end).toMatchObject({
        error: {
          code: 'SOURCE_FAILED',
          message: 'Source events ended with an error of the worker that writes it: RangeError: enough',
          cause: { name: 'RangeError', message: 'enough' },
        },
      });
      await worker.done;
    }));

  it.each([
    ['throws', "events.write({ n: 1 }); throw new RangeError('enough');", 'RangeError: enough'],
    ['throws no error', "events.write({ n: 1 }); throw 'enough';", 'Error: enough'],
    ['leaves its thread', 'events.write({ n: 1 }); events.flush(); process.exit(1);', 'exited by itself'],
  ])('with an error if the worker %s; who listens has been told by that', async (_, code, message) => {
    const engine = createEngine();
    const { told } = feed(engine, feeding(code));
    await told.ended;
    expect(told.seen).toEqual([2]);
    expect(told.end).toMatchObject({
      error: { code: 'SOURCE_FAILED', message: expect.stringContaining(message) },
    });
    await engine.idle();
    await engine.close();
  });

  it('with an error if the module is not there', async () => {
    const engine = createEngine();
    const { told } = feed(engine, 'file:///nowhere.mjs');
    await told.ended;
    expect(told.end).toMatchObject({ error: { code: 'SOURCE_FAILED' } });
    await engine.close();
  });

  it('with an error that idle() or close() reject with, if nobody was told', async () => {
    const engine = createEngine();
    const events = engine.source(Item);
    events.stage(double());
    engine.worker(feeding("throw new Error('no')"), { events });
    await vi.waitFor(() => expect(engine.idle()).rejects.toMatchObject({ code: 'LOOP_FAILED' }), 20_000);
    await engine.close();
  });

  it('also while the main thread is blocked by another source, whose stage waits for nothing of it', async () => {
    const engine = createEngine();
    const { events } = feed(engine, feeding('events.write({ n: 1 }); events.flush(); process.exit(1);'));
    const other = engine.source(Item, { capacity: 2 });
    other.stage(filter((r) => r.n < 0));
    const state = () => engine.stats().sources.find(({ name }) => name === events.name)?.state;
    let n = 0;
    // No turn of the event loop: only what blocks can notice.
    expect(
      spinUntil(() => {
        other.next({ n: n++ });
        engine.core.checkWorkers();
        return state() === 'error';
      }),
    ).toBe(true);
    await engine.close().catch(() => {});
  });

  it('when its worker is stopped, behind what has been written', () =>
    withEngine({}, async (engine) => {
      const { told, worker } = feed(engine, ENDLESS);
      await vi.waitUntil(() => told.seen.length > 1_000, { timeout: 20_000 });
      await worker.stop();
      await told.ended;
      expect(told.end).toBe('complete');
      expect(told.seen).toEqual(doubled(told.seen));
      await worker.done;
    }));

  it('with an error if its worker had to be terminated', async () => {
    const engine = createEngine({ closeTimeoutMs: 200 });
    const { told, worker } = feed(engine, STUCK);
    await vi.waitUntil(() => told.seen.length === 10, { timeout: 20_000 });
    await worker.stop();
    await told.ended;
    expect(told.end).toMatchObject({ error: { code: 'SOURCE_FAILED' } });
    await engine.close();
  });

  it.each([
    ['complete()', undefined],
    ['error()', new Error('mine')],
  ])('by %s on the main thread, which stops the worker first', (_, error) =>
    withEngine({}, async (engine) => {
      const { events, told, worker } = feed(engine, ENDLESS);
      await vi.waitUntil(() => told.seen.length > 1_000, { timeout: 20_000 });
      if (error === undefined) events.complete();
      else events.error(error);
      await told.ended;
      expect(told.seen).toEqual(doubled(told.seen));
      if (error === undefined) expect(told.end).toBe('complete');
      else expect((told.end as { error: unknown }).error).toBe(error);
      await worker.done;
      events.next({ n: 1 });
      expect(engine.stats().sources[0]).toMatchObject({ ignored: 1 });
    }),
  );
});

describe('close()', () => {
  it('stops the worker and processes what it has written', async () => {
    const engine = createEngine();
    const { told } = feed(engine, ENDLESS, { capacity: 16 });
    await vi.waitUntil(() => told.seen.length > 1_000, { timeout: 20_000 });
    await engine.close();
    expect(told.end).toBe('complete');
    expect(told.seen).toEqual(doubled(told.seen));
  });

  it('terminates a worker that does not come back, and names it', async () => {
    const engine = createEngine({ closeTimeoutMs: 200 });
    const { told } = feed(engine, STUCK);
    await vi.waitUntil(() => told.seen.length === 10, { timeout: 20_000 });
    await expect(engine.close()).rejects.toMatchObject({
      code: 'CLOSE_TIMEOUT',
      message: expect.stringContaining('worker feeder'),
    });
    expect(told.end).toMatchObject({ error: { code: 'CLOSE_TIMEOUT' } });
  });

  it('of an engine whose worker waits for room that never comes ends in order', async () => {
    const engine = createEngine();
    const events = engine.source(Item, { capacity: 4 });
    const reader = events.reader();
    engine.worker(ENDLESS, { events });
    await vi.waitUntil(() => reader.size === 4, { timeout: 20_000 });
    await engine.close();
  });
});

describe('idle()', () => {
  it('waits for what was written before, and not for what is written later', () =>
    withEngine({}, async (engine) => {
      const { events, told } = feed(engine, ENDLESS, { capacity: 16 });
      for (let i = 0; i < 5; i++) {
        const written = engine.stats().sources[0]?.recordsIn ?? 0;
        await engine.idle();
        expect(told.seen.length).toBeGreaterThanOrEqual(written);
      }
      events.complete();
      await told.ended;
    }));

  it('after the end of the worker waits for all', () =>
    withEngine({}, async (engine) => {
      const { told, worker } = feed(engine, counting(5_000));
      await worker.done;
      await engine.idle();
      expect(told).toMatchObject({ seen: upTo(5_000).map((n) => 2 * n), end: 'complete' });
    }));
});

describe('what depends on records of the main thread goes on', () => {
  it('a parameter can be set before all is processed that the worker has written', () =>
    withEngine({}, async (engine) => {
      const limit = engine.param(Number.POSITIVE_INFINITY);
      const events = engine.source(Item);
      const isBelow = (r: Item, { limit }: { limit: number }) => {
        let spins = 0;
        while (spins < 5_000_000) spins++;
        return r.n < limit && spins > 0;
      };
      const stage = events.stage({ name: 'slow' }, filter(isBelow, { using: { limit } }));
      const told = tell(stage);
      engine.worker(feeding('for (let n = 0; n < 100; n++) events.write({ n }); return () => false;'), {
        events,
      });
      expect(spinUntil(() => engine.stats().sources[0]?.recordsIn === 100)).toBe(true);
      limit.value = 50;
      expect(engine.stats().stages[0]?.recordsIn).toBeLessThan(100);
      events.complete();
      await told.ended;
      expect(told).toMatchObject({ end: 'complete', seen: upTo(50) });
    }));

  it('records are kept in files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'feeds-'));
    try {
      await withEngine({}, async (engine) => {
        const events = engine.source(Item, { capacity: 64 });
        const trail = await events.persist(folder, { sync: 'never' });
        await engine.worker(counting(3_000), { events }).done;
        await engine.idle();
        expect(trail.next).toBe(3_000);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('a pipeline that is taken down stops its worker, and gives its memory back', () =>
    withEngine({}, async (engine) => {
      const { core } = engine;
      // What workers need is given back with them.
      const before = core.arena.usedBytes;
      const abort = new AbortController();
      const events = engine.source(Item, { capacity: 16 });
      const told = tell(events.stage({ signal: abort.signal }, double()));
      const worker = engine.worker(ENDLESS, { events });
      await vi.waitUntil(() => told.seen.length > 100, { timeout: 20_000 });
      abort.abort(new Error('enough'));
      expect(told.end).toMatchObject({ error: { message: 'enough' } });
      await worker.done;
      await vi.waitUntil(() => core.graphs.size === 0 && core.disposal.isDone, { timeout: 20_000 });
      const journals = engine.memory().regions.filter(({ kind }) => kind === 'journal');
      expect(journals).toEqual([]);
      expect(core.arena.usedBytes - before).toBeLessThan(4_096);
    }));

  it('a pipeline that is taken down keeps its memory as long as its worker may write', () =>
    withEngine({ closeTimeoutMs: 300 }, async (engine) => {
      const { core } = engine;
      const abort = new AbortController();
      const events = engine.source(Item);
      const told = tell(events.stage({ signal: abort.signal }, double()));
      const worker = engine.worker(STUCK, { events });
      await vi.waitUntil(() => told.seen.length === 10, { timeout: 20_000 });
      abort.abort();
      let isOver = false;
      void worker.done.then(() => {
        isOver = true;
      });
      await vi.waitUntil(() => core.disposal.isDone, { timeout: 20_000 });
      expect(isOver).toBe(true);
    }));
});

describe('on the main thread', () => {
  it('a source that a worker writes takes nothing', () =>
    withEngine({}, async (engine) => {
      const events = engine.source(Item, { name: 'events' });
      const writer = events.writer();
      writer.claim();
      const worker = engine.worker(ENDLESS, { events }, { name: 'feeder' });
      const refused = {
        code: 'SOURCE_GIVEN',
        message: 'Cannot take a record into source events on this thread: worker feeder writes it',
      };
      for (const act of [
        () => events.next({ n: 1 }),
        () => events.tryNext({ n: 1 }),
        () => events.nextMany([{ n: 1 }]),
        () => events.nextMany({ n: [1] }),
        () => events.writer().claim(),
        () => writer.publish(),
      ]) {
        expect(thrown(act)).toMatchObject(refused);
      }
      await expect(events.ready()).rejects.toMatchObject(refused);
      await expect(events.consume([{ n: 1 }])).rejects.toMatchObject(refused);
      expect(thrown(() => events.stage(double()))).toMatchObject({ code: 'GRAPH_SEALED' });
      events.flush();
      engine.flush();
      await worker.stop();
    }));

  it('who waited for room is told that the source was given away', () =>
    withEngine({}, async (engine) => {
      const events = engine.source(Item, { capacity: 1 });
      const reader = events.reader();
      events.next({ n: 0 });
      const ready = events.ready();
      engine.worker(feeding('return () => false'), { events });
      await expect(ready).rejects.toMatchObject({ code: 'SOURCE_GIVEN' });
      reader.close();
    }));

  it('a source is given once, before its end, to a worker of its engine', () =>
    withEngine({}, async (engine) => {
      const { events } = feed(engine, ENDLESS);
      const give = (source: typeof events, to = engine) =>
        thrown(() => to.worker(ENDLESS, { events: source }, { name: 'other' }));
      expect(give(events)).toMatchObject({
        code: 'SOURCE_NOT_GIVEN',
        message: 'Cannot give source events to worker other: worker feeder writes it',
      });
      const ended = engine.source(Item);
      ended.complete();
      expect(give(ended)).toMatchObject({ message: expect.stringContaining('it has ended') });
      const twice = engine.source(Item);
      expect(thrown(() => engine.worker(ENDLESS, { events: twice, again: twice }))).toMatchObject({
        message: expect.stringContaining('it is given twice'),
      });
      twice.next({ n: 1 });
      const inline = createEngine({ placement: 'inline' });
      expect(give(inline.source(Item), inline)).toMatchObject({ code: 'LOOP_IN_INLINE_ENGINE' });
      await inline.close();
      await withEngine({}, (other) => {
        expect(give(other.source(Item))).toMatchObject({ code: 'JOURNAL_OF_ANOTHER_ENGINE' });
      });
    }));

  it('a source is not given away by a listener that is called while it waits for room', () =>
    withEngine({}, async (engine) => {
      const events = engine.source(Item, { capacity: 2 });
      const other = engine.source(Item);
      let refusal: unknown;
      other.subscribe(() => {
        refusal ??= thrown(() => engine.worker(ENDLESS, { events }));
      });
      events.stage(tap(() => {}));
      other.next({ n: 1 });
      other.flush();
      // A full journal delivers what waits for other listeners.
      for (let n = 0; n < 1_000 && refusal === undefined; n++) events.next({ n });
      expect(refusal).toMatchObject({ code: 'SOURCE_NOT_GIVEN' });
    }));
});
