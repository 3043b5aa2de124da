// Journals by hand on one thread: writing, cursors, views, both retentions, and where readers begin.
import { describe, expect, it } from 'vitest';
import { array, type Engine, i64, struct, u32, WouldDeadlockError } from '../../../src/index.js';
import { PLACEMENTS, withEngine } from '../../rx/pipelines.js';
import { Item, rest, thrown, upTo, write } from './kit.js';

describe.each(PLACEMENTS)('a journal of an engine placed %s', (placement) => {
  const run = (test: (engine: Engine) => Promise<void> | void) => withEngine({ placement }, test);

  describe.each(['ring', 'append'] as const)('that is kept as %s', (retain) => {
    it('gives each reader every record, in order, with its sequence', () =>
      run((engine) => {
        const journal = engine.journal(Item, { capacity: 64, retain, start: 7 });
        const readers = [journal.reader(), journal.reader({ from: 'start' })];
        expect(readers.map((reader) => [reader.next(), reader.index, reader.current])).toEqual([
          [false, -1, undefined],
          [false, -1, undefined],
        ]);
        write(journal, 0, 50);
        expect([journal.size, journal.start, journal.next]).toEqual([50, 7, 57]);
        for (const reader of readers) {
          expect(reader.size).toBe(50);
          for (let n = 0; n < 50; n++) {
            expect(reader.next()).toBe(true);
            expect([reader.index, reader.current?.n, reader.size]).toEqual([7 + n, n, 49 - n]);
          }
          expect([reader.next(), reader.index, reader.current]).toEqual([false, -1, undefined]);
          expect([reader.lost, reader.gap]).toEqual([0, 0]);
        }
      }));

    it('gives what a reader can reach: at(), last, window()', () =>
      run((engine) => {
        const journal = engine.journal(Item, { capacity: 64, retain });
        const reader = journal.reader({ keep: 4 });
        expect([reader.at(0), reader.last, reader.window(0, 1)]).toEqual([undefined, undefined, undefined]);
        write(journal, 0, 20);
        for (let i = 0; i < 10; i++) reader.next();
        expect(reader.index).toBe(9);
        expect(reader.at(9)?.n).toBe(9);
        expect(reader.at(5)?.n).toBe(5);
        expect(reader.at(19)?.n).toBe(19);
        expect(reader.last?.n).toBe(19);
        expect(reader.window(5, 15)?.map(({ n }) => n)).toEqual(upTo(20, 5));
        expect(reader.window(18, 2)?.map(({ n }) => n)).toEqual([18, 19]);
        for (const [sequence, count] of [
          [20, 1],
          [19, 2],
          [-1, 1],
          [5, 0],
          [5.5, 1],
          [5, 1.5],
        ] as const) {
          expect(reader.window(sequence, count)).toBeUndefined();
        }
        // Behind what it keeps.
        expect(reader.at(4)?.n).toBe(retain === 'append' ? 4 : undefined);
        expect(reader.window(4, 2)?.length).toBe(retain === 'append' ? 2 : undefined);
        // None of it has moved the cursor.
        expect([reader.index, reader.current?.n]).toEqual([9, 9]);
      }));

    it('gives all that is there in one call, or as many as are asked for', () =>
      run((engine) => {
        const journal = engine.journal(Item, { capacity: 1_024, retain });
        const reader = journal.reader();
        const seen: [number, number][] = [];
        const take = (most?: number) => reader.readAll((r, sequence) => seen.push([r.n, sequence]), most);
        expect(take()).toBe(0);
        write(journal, 0, 700);
        expect(reader.next()).toBe(true);
        expect(take(9)).toBe(9);
        write(journal, 700, 1_000);
        expect(take()).toBe(990);
        expect(seen).toEqual(upTo(1_000, 1).map((n) => [n, n]));
        expect([take(), reader.index, reader.size]).toEqual([0, -1, 0]);
      }));

    it('counts a record as read for which the callback throws, and goes on behind it', () =>
      run((engine) => {
        const journal = engine.journal(Item, { capacity: 8, retain });
        const reader = journal.reader();
        write(journal, 0, 5);
        const fails = (r: Item) => {
          if (r.n === 2) throw new Error('two');
        };
        expect(() => reader.readAll(fails)).toThrow('two');
        expect(rest(reader)).toEqual([3, 4]);
      }));

    it('ends: readers are done once they have read all, and nothing is written any more', () =>
      run(async (engine) => {
        const journal = engine.journal(Item, { capacity: 8, retain });
        const reader = journal.reader();
        const writer = journal.writer();
        writer.write({ n: 1 });
        expect([journal.state, reader.isDone]).toEqual(['open', false]);
        writer.end();
        expect([journal.state, reader.isDone]).toEqual(['complete', false]);
        const all: Item[] = [];
        for await (const record of reader) all.push(record);
        expect(all).toEqual([{ n: 1 }]);
        expect(() => writer.write({ n: 2 })).toThrow(expect.objectContaining({ code: 'JOURNAL_ENDED' }));
        expect(() => writer.claim()).toThrow(expect.objectContaining({ code: 'JOURNAL_ENDED' }));
        expect(() => journal.writer()).toThrow(expect.objectContaining({ code: 'JOURNAL_ENDED' }));
      }));

    it('ends with an error: readers get it behind all records', () =>
      run(async (engine) => {
        const journal = engine.journal(Item, { name: 'items', capacity: 8, retain });
        const [reader, other] = [journal.reader(), journal.reader()];
        const writer = journal.writer();
        writer.write({ n: 1 });
        writer.fail(new RangeError('no more'));
        expect(journal.state).toBe('error');
        expect(reader.next()).toBe(true);
        const failed = {
          code: 'JOURNAL_FAILED',
          message: 'Journal items ended with an error: RangeError: no more',
          cause: { name: 'RangeError', message: 'no more' },
        };
        for (const act of [() => reader.next(), () => reader.readAll(() => {})]) {
          expect(thrown(act)).toMatchObject(failed);
        }
        const seen: Item[] = [];
        const all = (async () => {
          for await (const record of other) seen.push(record);
        })();
        await expect(all).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
        expect(seen).toEqual([{ n: 1 }]);
      }));

    it('has one writer at a time, which another may follow', () =>
      run((engine) => {
        const journal = engine.journal(Item, { capacity: 16, retain });
        const reader = journal.reader();
        const first = journal.writer();
        expect(() => journal.writer()).toThrow(expect.objectContaining({ code: 'JOURNAL_HAS_WRITER' }));
        first.write({ n: 0 });
        const left = first.claim();
        expect(left).toBeDefined();
        first.close();
        // What was claimed is nobody's.
        expect(() => (left as Item).n).toThrow(expect.objectContaining({ code: 'VIEW_EXPIRED' }));
        const second = journal.writer();
        second.write({ n: 1 });
        second.flush();
        expect(rest(reader)).toEqual([0, 1]);
        expect(second.next).toBe(2);
      }));

    it('takes records written in place, and nothing of one that does not fit', () =>
      run((engine) => {
        const Tick = struct({ at: i64, prices: array(u32, 2) }, 'Tick');
        const journal = engine.journal(Tick, { capacity: 8, retain });
        const reader = journal.reader();
        const writer = journal.writer();
        writer.write({ at: 1n, prices: [1, 2] });
        const tick = writer.claim() as NonNullable<ReturnType<typeof writer.claim>>;
        expect(writer.claim()).toBe(tick);
        expect(tick.toJSON()).toEqual({ at: 0n, prices: [0, 0] });
        tick.atLo = 2;
        tick.atHi = 1;
        tick.prices[1] = -1;
        expect(() => writer.write({ at: 3n, prices: [1, 2] })).toThrow(
          expect.objectContaining({ code: 'JOURNAL_CLAIM' }),
        );
        // What was taken before is visible, what is being written is not.
        writer.flush();
        expect([reader.size, writer.next]).toEqual([1, 1]);
        tick.prices[0] = 5;
        writer.publish();
        expect(() => tick.at).toThrow(expect.objectContaining({ code: 'VIEW_EXPIRED' }));
        const bad = { at: 1n, prices: [1, -1] };
        expect(() => writer.write(bad)).toThrow(expect.objectContaining({ code: 'FIELD_RANGE' }));
        writer.write({ at: 4n, prices: [3, 4] });
        const seen: unknown[] = [];
        reader.readAll((r) => seen.push(r.toJSON()));
        expect(seen).toEqual([
          { at: 1n, prices: [1, 2] },
          { at: 2n ** 32n + 2n, prices: [5, 2 ** 32 - 1] },
          { at: 4n, prices: [3, 4] },
        ]);
      }));
  });

  it('publishes on the microtask, with flush(), and when half the slots wait', () =>
    run(async (engine) => {
      const journal = engine.journal(Item, { capacity: 8 });
      const reader = journal.reader();
      const writer = journal.writer();
      writer.write({ n: 0 });
      expect(journal.size).toBe(0);
      await Promise.resolve();
      expect(journal.size).toBe(1);
      writer.write({ n: 1 });
      writer.flush();
      expect(journal.size).toBe(2);
      for (let n = 2; n < 6; n++) writer.write({ n });
      expect(journal.size).toBe(6);
      // Who looks for more on the writer's thread sees everything at once.
      writer.write({ n: 6 });
      expect(rest(reader)).toEqual(upTo(7));
    }));

  it('that is a ring holds its writer back for readers, and no longer than they hold its records', () =>
    run(async (engine) => {
      const journal = engine.journal(Item, { capacity: 4 });
      const reader = journal.reader();
      const writer = journal.writer();
      for (let n = 0; n < 4; n++) expect(writer.tryWrite({ n })).toBe(true);
      expect([writer.tryWrite({ n: 4 }), writer.isFull, writer.claim()]).toEqual([false, true, undefined]);
      expect(() => writer.write({ n: 4 })).toThrow(WouldDeadlockError);
      expect(() => writer.wait()).toThrow(WouldDeadlockError);
      const ready = writer.ready();
      let isReady = false;
      void ready.then(() => {
        isReady = true;
      });
      // The record that it looks at is not to be overwritten.
      reader.next();
      expect([reader.current?.n, writer.tryWrite({ n: 4 })]).toEqual([0, false]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(isReady).toBe(false);
      reader.next();
      await ready;
      expect([writer.tryWrite({ n: 4 }), writer.tryWrite({ n: 5 })]).toEqual([true, false]);
      expect(rest(reader)).toEqual([2, 3, 4]);
      for (let n = 5; n < 9; n++) writer.write({ n });
      reader.close();
      for (let n = 9; n < 100; n++) writer.write({ n });
      expect(writer.next).toBe(100);
    }));

  it('that is a ring keeps as many records behind the current one as a reader asks for', () =>
    run((engine) => {
      const journal = engine.journal(Item, { capacity: 8 });
      const reader = journal.reader({ keep: 7 });
      const writer = journal.writer();
      for (let n = 0; n < 1_000; n++) {
        expect(writer.tryWrite({ n })).toBe(true);
        expect(reader.next()).toBe(true);
        const window = reader.window(Math.max(0, n - 7), Math.min(n + 1, 8));
        expect(window?.map((r) => r.n)).toEqual(upTo(n + 1, Math.max(0, n - 7)));
        if (n >= 7) expect(writer.tryWrite({ n: -1 })).toBe(false);
        // Lets go of the current one: one slot is free.
        expect(reader.next()).toBe(false);
      }
      for (const keep of [-1, 8, 0.5]) {
        expect(() => journal.reader({ keep })).toThrow(expect.objectContaining({ code: 'OPTION' }));
      }
    }));

  it('that keeps every record is full for good at its capacity', () =>
    run(async (engine) => {
      const journal = engine.journal(Item, { name: 'log', capacity: 3, retain: 'append' });
      const reader = journal.reader();
      const writer = journal.writer();
      for (let n = 0; n < 3; n++) writer.write({ n });
      expect(writer.tryWrite({ n: 3 })).toBe(false);
      const full = { code: 'JOURNAL_FULL' };
      expect(() => writer.write({ n: 3 })).toThrow(expect.objectContaining(full));
      expect(() => writer.wait()).toThrow(expect.objectContaining(full));
      await expect(writer.ready()).rejects.toMatchObject(full);
      expect(rest(reader)).toEqual([0, 1, 2]);
      expect(rest(journal.reader({ from: 'start' }))).toEqual([0, 1, 2]);
      expect(rest(journal.reader({ from: 2 }))).toEqual([2]);
      expect(rest(journal.reader())).toEqual([]);
    }));

  it('places readers: at the next record, the oldest, or a sequence', () =>
    run((engine) => {
      const journal = engine.journal(Item, { name: 'items', capacity: 8, start: 100 });
      write(journal, 100, 120);
      const begin = (from?: 'start' | 'next' | number) => {
        const reader = journal.reader(from === undefined ? {} : { from });
        const seen = rest(reader);
        reader.close();
        return [seen[0], seen.length, reader.lost];
      };
      expect(begin()).toEqual([undefined, 0, 0]);
      expect(begin(118)).toEqual([118, 2, 0]);
      expect(begin(113)).toEqual([113, 7, 0]);
      // These are gone, and counted.
      expect(begin(110)).toEqual([113, 7, 3]);
      expect(begin('start')).toEqual([113, 7, 13]);
      for (const from of [99, 121, 1.5]) {
        expect(() => journal.reader({ from })).toThrow(expect.objectContaining({ code: 'JOURNAL_FROM' }));
      }
      // With a writer of this thread, too; it holds what it was given.
      const writer = journal.writer();
      const reader = journal.reader({ from: 115 });
      for (let n = 120; n < 123; n++) expect(writer.tryWrite({ n })).toBe(true);
      expect(writer.tryWrite({ n: 123 })).toBe(false);
      expect(rest(reader)).toEqual(upTo(123, 115));
    }));
});
