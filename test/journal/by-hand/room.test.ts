// Waiting for room in a journal by hand that a reader of another thread holds back: what is published before, and when it is
// refused.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Engine, type Journal, WouldDeadlockError } from '../../../src/index.js';
import {
  JournalReader as CoreReader,
  createBell,
  isWriterWaiting,
  joinReader,
  openJournal,
} from '../../../src/journal/index.js';
import { withEngine } from '../../rx/pipelines.js';
import { Item } from './kit.js';

afterEach(() => vi.restoreAllMocks());

/** What another thread does that opens a journal by its handle: none of the readers that this thread knows of. */
function readElsewhere(engine: Engine, journal: Journal<Item>): CoreReader {
  const core = openJournal(engine.core.memory, journal.handle);
  return new CoreReader(
    core,
    joinReader(core, { bell: createBell(engine.core.arena), gating: true, from: 0 }),
  );
}

/** A journal of four slots, all of them taken, with a record that is not published: as a batch it takes two. */
function full(engine: Engine) {
  const journal = engine.journal(Item, { capacity: 4 });
  const elsewhere = readElsewhere(engine, journal);
  const own = journal.reader();
  const writer = journal.writer();
  writer.write({ n: 0 });
  writer.flush();
  for (let n = 1; n < 4; n++) writer.write({ n });
  return { journal, elsewhere, own, writer };
}

describe('a writer that waits for a reader of another thread', () => {
  it('publishes first what that is to read', () =>
    withEngine({}, (engine) => {
      const { journal, own, writer } = full(engine);
      expect(journal.size).toBe(3);
      own.close();
      expect(writer.wait(5)).toBe(false);
      expect(journal.size).toBe(4);
    }));

  it('is refused if one of its own thread stands at the oldest record, too, and not if that is further', () =>
    withEngine({}, (engine) => {
      const { own, writer } = full(engine);
      expect(() => writer.wait(5)).toThrow(WouldDeadlockError);
      own.next();
      // It looks at the oldest.
      expect(() => writer.wait(5)).toThrow(WouldDeadlockError);
      own.next();
      expect([own.current?.n, writer.wait(5)]).toEqual([1, false]);
    }));

  it('names its bell for just as long, and goes on with the first slot that is free', () =>
    withEngine({}, (engine) => {
      const { journal, elsewhere, own, writer } = full(engine);
      own.close();
      const core = openJournal(engine.core.memory, journal.handle);
      expect([writer.wait(5), isWriterWaiting(core)]).toEqual([false, false]);
      // The other thread makes room while this one sleeps.
      const whileAsleep = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
        expect(isWriterWaiting(core)).toBe(true);
        elsewhere.available();
        elsewhere.advance(1);
        return 'ok';
      });
      expect(writer.wait()).toBe(true);
      expect(whileAsleep).toHaveBeenCalledTimes(1);
      writer.write({ n: 4 });
      writer.write({ n: 5 });
      expect(whileAsleep).toHaveBeenCalledTimes(2);
      expect(isWriterWaiting(core)).toBe(false);
    }));
});
