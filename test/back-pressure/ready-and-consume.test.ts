// Writers that wait without blocking: tryNext(), ready(), and consume(), which holds its producer back.
import { describe, expect, it, vi } from 'vitest';
import { PLACEMENTS, withEngine } from '../rx/pipelines.js';
import { Item, readAll, same, statsOf, upTo } from './chains.js';

const turns = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const PATIENCE = { timeout: 20_000, interval: 1 };

/** Whether a promise is settled after some turns of the event loop. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  await turns(20);
  return settled;
}

/** Records 0, 1, … up to `count`, one each time they are asked for, as an iterable that tells what became of it. */
function producer(count: number) {
  const made = { count: 0, isOver: false };
  async function* records(): AsyncGenerator<Item> {
    try {
      while (made.count < count) yield { n: made.count++ };
    } finally {
      made.isOver = true;
    }
  }
  return { made, records };
}

describe.each(PLACEMENTS)('a source with four slots, placed %s,', (placement) => {
  it('takes no more than four with tryNext(), and more as they are read', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { name: 'items', capacity: 4 });
      const reader = source.reader();
      const tried = upTo(6).map((n) => source.tryNext({ n }));
      expect(tried).toEqual([true, true, true, true, false, false]);
      expect(reader.tryReceive()).toEqual({ n: 0 });
      expect(source.tryNext({ n: 4 })).toBe(true);
      expect(source.tryNext({ n: 5 })).toBe(false);
      expect(statsOf(engine, 'items')).toMatchObject({ recordsIn: 5, dropped: 0, ignored: 0 });
      source.complete();
      expect(await readAll(reader)).toEqual([1, 2, 3, 4]);
    }));

  it('is ready() at once while there is room, and as soon as there is some', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { capacity: 4 });
      const reader = source.reader();
      await source.ready();
      for (let n = 0; n < 4; n++) source.next({ n });
      const ready = source.ready();
      expect(await isSettled(ready)).toBe(false);
      reader.tryReceive();
      await ready;
      expect(source.tryNext({ n: 4 })).toBe(true);
      const again = source.ready();
      expect(await isSettled(again)).toBe(false);
      reader.close();
      await again;
      expect(source.tryNext({ n: 5 })).toBe(true);
    }));

  it.each(['complete', 'error'] as const)('is ready() when it has ended, by %s()', (how) =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { capacity: 1 });
      const reader = source.reader();
      source.next({ n: 0 });
      const ready = source.ready();
      source[how](new Error('over'));
      await ready;
      reader.close();
    }),
  );

  it.each(['an async iterable', 'a ReadableStream', 'a stream that is not iterable'] as const)(
    'asks %s for one record more than there is room for, and for the next only when that is taken',
    (what) =>
      withEngine({ placement }, async (engine) => {
        const source = engine.source(Item, { name: 'items', capacity: 4 });
        const reader = source.reader();
        const { made, records } = producer(50);
        const consumed = source.consume(as(what, records()));
        for (let read = 0; read < 46; read++) {
          await vi.waitUntil(() => made.count === 4 + 1 + read, PATIENCE);
          expect(await isSettledAtOnce(consumed)).toBe(false);
          expect(made.count).toBe(4 + 1 + read);
          expect(statsOf(engine, 'items').recordsIn).toBe(4 + read);
          expect(reader.tryReceive()).toEqual({ n: read });
        }
        expect(await consumed).toBe(50);
        source.complete();
        expect(await readAll(reader)).toEqual(upTo(50).slice(46));
      }),
  );

  it('holds a producer back as far as its stage is, and loses nothing', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { name: 'items', capacity: 4 });
      const stage = source.stage({ capacity: 4 }, same());
      const reader = stage.reader();
      const { made, records } = producer(300);
      const consumed = source.consume(records());
      // The journals' slots; what the stage holds it has not given back to the source's.
      await vi.waitUntil(() => reader.size === 4, PATIENCE);
      await turns(20);
      expect(made.count).toBeLessThanOrEqual(4 + 4 + 1);
      const read = (async () => {
        const values: number[] = [];
        for (let record = await reader.receive(); record; record = await reader.receive()) {
          values.push(record.n);
          expect(made.count - values.length).toBeLessThanOrEqual(4 + 4 + 1);
        }
        return values;
      })();
      expect(await consumed).toBe(300);
      source.complete();
      expect(await read).toEqual(upTo(300));
    }));

  it.each(['an async iterable', 'a ReadableStream', 'a stream that is not iterable'] as const)(
    'that ends meanwhile stops consuming %s, tells it, and counts what it had asked for as ignored',
    (what) =>
      withEngine({ placement }, async (engine) => {
        const source = engine.source(Item, { name: 'items', capacity: 4 });
        const reader = source.reader();
        const { made, records } = producer(50);
        const consumed = source.consume(as(what, records()));
        await vi.waitUntil(() => made.count === 5, PATIENCE);
        source.complete();
        expect(await consumed).toBe(4);
        await vi.waitUntil(() => made.isOver, PATIENCE);
        expect(made.count).toBe(5);
        expect(statsOf(engine, 'items')).toMatchObject({ recordsIn: 4, ignored: 1 });
        expect(await readAll(reader)).toEqual(upTo(4));
      }),
  );

  it('passes on what the producer throws, behind what it has made, and stays open', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { name: 'items', capacity: 4 });
      const reader = source.reader();
      async function* broken() {
        yield { n: 0 };
        throw new Error('no more');
      }
      await expect(source.consume(broken())).rejects.toThrowError('no more');
      expect(await source.consume([{ n: 1 }, { n: 2 }])).toBe(2);
      source.complete();
      expect(await readAll(reader)).toEqual(upTo(3));
    }));
});

/** Records as an iterable, or as a stream that makes one only when it is asked. */
function as(what: string, records: AsyncGenerator<Item>): AsyncIterable<Item> | ReadableStream<Item> {
  if (what === 'an async iterable') return records;
  const stream = new ReadableStream<Item>(
    {
      async pull(controller) {
        const { done, value } = await records.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await records.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
  if (what === 'a ReadableStream') return stream;
  return { getReader: () => stream.getReader() } as ReadableStream<Item>;
}

async function isSettledAtOnce(promise: Promise<unknown>): Promise<boolean> {
  const not = Symbol('not settled');
  return (await Promise.race([promise, Promise.resolve(not)])) !== not;
}
