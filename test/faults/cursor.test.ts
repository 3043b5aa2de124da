// A cursor that its writer left half stored, having died in the middle: readers neither wait for it nor read nonsense.
import { describe, expect, it } from 'vitest';
import {
  createBell,
  createJournal,
  EndKind,
  endKind,
  JournalReader,
  JournalWriter,
  joinReader,
  publishedSequence,
} from '../../src/journal/index.js';
import { Arena, createMemory, type Memory } from '../../src/memory/index.js';

const TWO_32 = 2 ** 32;

class Death extends Error {}

/** A memory as a thread sees it that dies before one of its atomic stores. */
function mortal(memory: Memory, stores: number): Memory {
  let left = stores;
  const { cells } = memory;
  return {
    ...memory,
    cells: {
      ...cells,
      store: (i32, index, value) => {
        if (left-- <= 0) throw new Death();
        cells.store(i32, index, value);
      },
    },
  };
}

describe.each([1, 2, 5])(
  'a writer that dies while it publishes across 2^32, %i records behind it',
  (behind) => {
    it.each([0, 1, 2, 3])('before store %i has published all of them or none', (stores) => {
      const memory = createMemory(1024 * 1024, false);
      const arena = Arena.create(memory);
      const start = TWO_32 - behind;
      const journal = createJournal(arena, { name: 'torn', recordWords: 1, capacity: 8, start });
      const slot = joinReader(journal, { bell: createBell(arena), gating: true, from: start });
      const writer = new JournalWriter({ ...journal, memory: mortal(memory, stores) });
      for (let i = 0; i < 6; i++) memory.f64[writer.claim()] = i;
      if (stores < 3) expect(() => writer.publish()).toThrowError(Death);
      else writer.publish();
      const published = publishedSequence(journal) - start;
      expect([0, 6]).toContain(published);
      if (stores < 2) expect(published).toBe(0);
      // Another ends the journal in its place; readers read what was published, and then the end.
      new JournalWriter(journal).end(EndKind.ERROR, 'died');
      const reader = new JournalReader(journal, slot);
      expect(reader.available()).toBe(published);
      expect(reader.lag()).toBe(published);
      for (let i = 0; i < published; i++) expect(memory.f64[reader.address(i)]).toBe(i);
      reader.advance(published);
      expect(reader.available()).toBe(0);
      expect(endKind(journal)).toBe(EndKind.ERROR);
      expect(publishedSequence(journal) - start).toBe(published);
    });
  },
);
