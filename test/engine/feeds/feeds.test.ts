// Sources that workers write: every record passes, in order and whole, however little room there is.
import { describe, expect, it } from 'vitest';
import { createEngine, struct, text, u32 } from '../../../src/index.js';
import { spinUntil } from '../../back-pressure/chains.js';
import { withEngine } from '../../rx/pipelines.js';
import { counting, double, feed, feeding, Item, tell, upTo } from './kit.js';

const RECORDS = 20_000;

describe.each(['js', 'wasm'] as const)('stages on %s', (backend) => {
  it.each([
    ['in a worker', {}],
    ['on the main thread', { placement: 'inline' }],
  ] as const)('%s get all that the worker writes, and the end', (_, placement) =>
    withEngine({ backend }, async (engine) => {
      const events = engine.source(Item, { capacity: 64 });
      const [own, stage] = [tell(events), tell(events.stage(placement, double()))];
      const worker = engine.worker(counting(RECORDS), { events });
      await Promise.all([own.ended, stage.ended]);
      expect(own).toMatchObject({ seen: upTo(RECORDS), end: 'complete' });
      expect(stage).toMatchObject({ seen: upTo(RECORDS).map((n) => 2 * n), end: 'complete' });
      await worker.done;
    }),
  );
});

describe('a source that a worker writes', () => {
  it.each([1, 2, 3])('loses nothing with %i slots', (capacity) =>
    withEngine({}, async (engine) => {
      const { told } = feed(engine, counting(2_000), { capacity });
      await told.ended;
      expect(told).toMatchObject({ seen: upTo(2_000).map((n) => 2 * n), end: 'complete' });
    }),
  );

  it('holds its worker back while nobody reads on', () =>
    withEngine({}, async (engine) => {
      const events = engine.source(Item, { capacity: 8 });
      const reader = events.reader();
      const worker = engine.worker(counting(100), { events });
      expect(spinUntil(() => reader.size === 8)).toBe(true);
      const seen: number[] = [];
      for await (const { n } of reader) seen.push(n);
      expect(seen).toEqual(upTo(100));
      await worker.done;
    }));

  it('takes columns and iterables as the main thread does', () =>
    withEngine({}, async (engine) => {
      const code = `events.writeMany({ n: Float64Array.from({ length: 5000 }, (_, n) => n) });
        events.writeMany([{ n: 5000 }, { n: 5001 }]);
        const record = events.claim(); record.n = 5002; events.publish();`;
      const { told } = feed(engine, feeding(code), { capacity: 100 });
      await told.ended;
      expect(told).toMatchObject({ seen: upTo(5_003).map((n) => 2 * n), end: 'complete' });
    }));

  it('keeps what was taken before it was given away, in front of what the worker writes', () =>
    withEngine({}, async (engine) => {
      const events = engine.source(Item, { capacity: 64 });
      const told = tell(events.stage(double()));
      for (let n = -10; n < 0; n++) events.next({ n });
      engine.worker(counting(10), { events });
      await told.ended;
      expect(told.seen).toEqual(upTo(10, -10).map((n) => 2 * n));
    }));

  it('wakes the main thread for each of records that come seldom', () =>
    withEngine({}, async (engine) => {
      // One only after the other has been delivered: none may lie there unseen.
      const turn = `let n = 0; return () => answers.readAll(() => { events.write({ n: ++n }); });`;
      const code = `const { answers } = journals; events.write({ n: 0 }); ${turn}`;
      const events = engine.source(Item);
      const answers = engine.journal(Item);
      const writer = answers.writer();
      let seen = 0;
      const all = new Promise<void>((resolve) => {
        events.stage(double()).subscribe(({ n }) => {
          expect(n).toBe(2 * seen);
          if (++seen === 50) return resolve();
          // Longer than the engine polls.
          setTimeout(() => writer.write({ n }), seen % 5 === 0 ? 50 : 1);
        });
      });
      engine.worker(feeding(code), { events, answers: answers.reader() });
      await all;
    }));

  it('is seen by a late subscriber from the next record on, also if its loop sleeps', () =>
    withEngine({ wait: 'park' }, async (engine) => {
      const events = engine.source(Item);
      const first = tell(events);
      const asked = engine.journal(Item);
      const writer = asked.writer();
      const code = 'return () => journals.asked.readAll(({ n }) => events.write({ n }));';
      engine.worker(feeding(code), { events, asked: asked.reader() });
      writer.write({ n: 1 });
      writer.flush();
      expect(spinUntil(() => engine.stats().sources[0]?.recordsIn === 1)).toBe(true);
      const late = tell(events);
      const reader = events.reader();
      const { reader: line } = reader as unknown as { reader: { hasJoined(): boolean } };
      expect(spinUntil(() => line.hasJoined())).toBe(true);
      writer.write({ n: 2 });
      writer.flush();
      expect(await reader.receive()).toEqual({ n: 2 });
      await engine.idle();
      expect([first.seen, late.seen]).toEqual([[1, 2], [2]]);
    }));

  it('gets a copy of the data that its worker is given, if that can be posted', () =>
    withEngine({}, async (engine) => {
      const events = engine.source(Item);
      const told = tell(events);
      const module = feeding('for (const n of loop.data.numbers) events.write({ n });');
      engine.worker(module, { events }, { data: { numbers: new Float64Array([3, 1, 2]) } });
      await told.ended;
      expect(told).toMatchObject({ seen: [3, 1, 2], end: 'complete' });
      const other = engine.source(Item);
      const refused = tell(other);
      expect(() => engine.worker(module, { events: other }, { data: () => 1 })).toThrow(
        'could not be cloned',
      );
      await refused.ended;
      expect(refused.end).toMatchObject({
        error: { code: 'SOURCE_FAILED', cause: { name: 'DataCloneError' } },
      });
    }));

  it('counts in statistics', () =>
    withEngine({}, async (engine) => {
      const { worker } = feed(engine, counting(1_000));
      await worker.done;
      await engine.idle();
      expect(engine.stats().sources).toMatchObject([
        { name: 'events', state: 'complete', recordsIn: 1_000, dropped: 0, occupancy: 0 },
      ]);
    }));

  it('takes texts that the engine knows, and fails with others', () =>
    withEngine({}, async (engine) => {
      const Named = struct({ id: u32, name: text }, 'Named');
      const events = engine.source(Named);
      const seen: string[] = [];
      const failed = new Promise((resolve) => {
        events.subscribe({ next: ({ name }) => seen.push(name), error: resolve });
      });
      events.next({ id: 0, name: 'known' });
      engine.worker(
        feeding("events.write({ id: 1, name: 'known' }); events.write({ id: 2, name: 'new' });"),
        {
          events,
        },
      );
      expect(await failed).toMatchObject({ code: 'SOURCE_FAILED', cause: { code: 'TEXT_UNKNOWN' } });
      expect(seen).toEqual(['known', 'known']);
    }));
});

describe('overflow', () => {
  it("'drop-newest' drops what has no room, and counts it", () =>
    withEngine({}, async (engine) => {
      const events = engine.source(Item, { capacity: 8, overflow: 'drop-newest' });
      const reader = events.reader();
      const columns = 'events.writeMany({ n: Float64Array.from({ length: 50 }, (_, n) => 50 + n) });';
      const module = feeding(`for (let n = 0; n < 50; n++) events.write({ n }); ${columns}`);
      await engine.worker(module, { events }).done;
      const seen: number[] = [];
      for await (const { n } of reader) seen.push(n);
      expect(seen).toEqual(upTo(8));
      expect(engine.stats().sources[0]).toMatchObject({ recordsIn: 8, dropped: 92 });
    }));

  it("'error' throws in the worker, which fails the source if nobody catches it", async () => {
    const engine = createEngine();
    const events = engine.source(Item, { name: 'events', capacity: 8, overflow: 'error' });
    const reader = events.reader();
    const worker = engine.worker(counting(100), { events });
    await expect(worker.done).rejects.toMatchObject({ code: 'LOOP_FAILED', cause: { code: 'SOURCE_FULL' } });
    const seen: number[] = [];
    const read = async () => {
      for await (const { n } of reader) seen.push(n);
    };
    await expect(read()).rejects.toMatchObject({ code: 'SOURCE_FAILED', cause: { code: 'SOURCE_FULL' } });
    expect(seen).toEqual(upTo(8));
    await engine.close();
  });

  it('of a journal that keeps every record is an error, whatever the policy', async () => {
    const engine = createEngine();
    const events = engine.source(Item, { capacity: 8, retain: 'append', overflow: 'drop-newest' });
    const worker = engine.worker(counting(100), { events });
    await expect(worker.done).rejects.toMatchObject({ cause: { code: 'JOURNAL_FULL' } });
    await engine.close();
  });
});
