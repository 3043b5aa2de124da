// What journals by hand take of an engine and give back, and what they refuse.
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine, openJournal, struct, text } from '../../../src/index.js';
import { encodeError, forgetHere, leaveForThread } from '../../../src/journal/by-hand/index.js';
import { PLACEMENTS, withEngine } from '../../rx/pipelines.js';
import { Item, rest, thrown, write } from './kit.js';

describe.each(PLACEMENTS)('a journal of an engine placed %s', (placement) => {
  const run = (test: (engine: Engine) => Promise<void> | void) => withEngine({ placement }, test);

  it('takes texts', () =>
    run((engine) => {
      const Named = struct({ name: text }, 'Named');
      const journal = engine.journal(Named);
      const reader = journal.reader({ overflow: 'drop-oldest' });
      const writer = journal.writer();
      for (const name of ['a', 'b', 'a', 'ü']) writer.write({ name });
      const seen: string[] = [];
      reader.readAll((r) => seen.push(r.name));
      expect(seen).toEqual(['a', 'b', 'a', 'ü']);
    }));

  it('gives its memory back when nobody uses it', () =>
    run((engine) => {
      engine.journal(Item);
      const { memoryUsed } = engine.stats();
      const journal = engine.journal(Item, { capacity: 1_000 });
      const [reader, writer] = [journal.reader(), journal.writer()];
      const inUse = expect.objectContaining({ code: 'JOURNAL_IN_USE' });
      expect(() => journal.close()).toThrow(inUse);
      writer.write({ n: 1 });
      reader.close();
      reader.close();
      expect(() => journal.close()).toThrow(inUse);
      writer.close();
      journal.close();
      journal.close();
      expect(engine.stats().memoryUsed).toBe(memoryUsed);
      for (const act of [
        () => journal.next,
        () => journal.reader(),
        () => journal.writer(),
        () => journal.handle,
      ]) {
        expect(act).toThrow(expect.objectContaining({ code: 'JOURNAL_CLOSED' }));
      }
      expect(reader.next()).toBe(false);
    }));

  it('is a region of the memory by its name, and is refused by name if it can not fit', () =>
    run((engine) => {
      engine.journal(Item, { name: 'items', capacity: 1_000 });
      const region = engine.memory().regions.find(({ owner }) => owner === 'items');
      expect(region).toMatchObject({ kind: 'journal' });
      expect(region?.bytes).toBeGreaterThan(1_024 * 8);
      const [capacity, retain] = [2 ** 29, 'append'] as const;
      const refused = thrown(() => engine.journal(Item, { name: 'huge', capacity, retain }));
      expect(refused).toMatchObject({ name: 'RangeError', message: expect.stringContaining('journal huge') });
    }));

  it('gives lines back with its readers: thousands may come and go, 32 at a time', () =>
    run((engine) => {
      const journal = engine.journal(Item, { capacity: 4 });
      const writer = journal.writer();
      for (let i = 0; i < 2_000; i++) {
        const reader = journal.reader(i % 2 === 0 ? {} : { overflow: 'drop-oldest' });
        writer.write({ n: i });
        expect(rest(reader)).toEqual([i]);
        reader.close();
      }
      const readers = Array.from({ length: 32 }, () => journal.reader());
      expect(() => journal.reader()).toThrow(expect.objectContaining({ code: 'TOO_MANY_READERS' }));
      readers[7]?.close();
      journal.reader();
    }));

  it('ends with its engine, if this thread writes it', async () => {
    const engine = createEngine({ placement });
    const journal = engine.journal(Item);
    const reader = journal.reader();
    journal.writer().write({ n: 1 });
    await engine.close();
    expect([rest(reader), reader.isDone]).toEqual([[1], true]);
    expect(() => engine.journal(Item)).toThrow(expect.objectContaining({ code: 'ENGINE_CLOSED' }));
  });

  it('refuses options that can not be', () =>
    run((engine) => {
      const option = expect.objectContaining({ code: 'OPTION' });
      expect(() => engine.journal(Item, { retain: 'all' as 'ring' })).toThrow(option);
      expect(() => engine.journal(Item, { start: -1 })).toThrow(option);
      expect(() => engine.journal(Item, { size: 1 } as object)).toThrow(option);
      expect(() => engine.journal(Item, { capacity: 0 })).toThrow(
        expect.objectContaining({ code: 'CAPACITY' }),
      );
      expect(() => engine.journal({} as typeof Item)).toThrow(
        expect.objectContaining({ code: 'NOT_A_STRUCT' }),
      );
      const journal = engine.journal(Item);
      expect(() => journal.reader({ from: 'end' as 'next' })).toThrow(option);
      expect(() => journal.reader({ overflow: 'drop' as 'block' })).toThrow(option);
      expect(() => journal.reader({ gating: false } as object)).toThrow(option);
      expect(() => openJournal({} as typeof journal.handle)).toThrow(
        expect.objectContaining({ code: 'JOURNAL_HANDLE' }),
      );
      if (placement === 'inline') {
        expect(() => journal.handle).toThrow(expect.objectContaining({ code: 'JOURNAL_NOT_SHARED' }));
      }
    }));
});

describe('a ring whose writer has died', () => {
  it('has nothing for readers that come later: what the writer had begun to write lies over older records', async () => {
    const engine = createEngine();
    const journal = engine.journal(Item, { capacity: 8, start: 100 });
    const held = journal.reader();
    write(journal, 0, 8);
    for (let n = 0; n < 4; n++) held.next();
    const writer = journal.writer();
    for (let n = 8; n < 11; n++) writer.write({ n });
    expect(journal.size).toBe(8);
    // As if the writer were of another thread, which is gone.
    const [core] = engine.core.journals.all;
    if (core === undefined) throw new Error('no journal');
    forgetHere(core.memory.buffer, core.address);
    leaveForThread(core, 1, encodeError(new Error('gone')));
    const late = journal.reader({ from: 'start' });
    expect([late.lost, late.size]).toEqual([8, 0]);
    expect(() => late.next()).toThrow(expect.objectContaining({ code: 'JOURNAL_FAILED' }));
    writer.close();
    await engine.close();
  });
});
