// Journals within one thread: what is claimed, published, gated, lapped and ended.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as at from '../../src/journal/descriptor.js';
import {
  createBell,
  createJournal,
  EndKind,
  endKind,
  endPayload,
  freeJournal,
  type JournalOptions,
  JournalReader,
  JournalWriter,
  joinReader,
  leaveReader,
  openJournal,
  publishedSequence,
} from '../../src/journal/index.js';
import { readerCell } from '../../src/journal/journal.js';
import { loadSequence } from '../../src/journal/sequence.js';
import { Arena, createMemory, type Memory } from '../../src/memory/index.js';

/** A journal of one-word records over an own memory, and what reads and writes it. */
function setUp(options: Partial<JournalOptions> = {}) {
  const memory = createMemory(1024 * 1024, true);
  const arena = Arena.create(memory);
  const bell = createBell(arena);
  const journal = createJournal(arena, { name: 'readings', recordWords: 1, ...options });
  const writer = new JournalWriter(journal);
  const join = (gating = true, from?: number) =>
    new JournalReader(
      journal,
      joinReader(journal, { bell, gating, ...(from === undefined ? {} : { from }) }),
    );
  const write = (value: number): boolean => {
    const slot = writer.claim();
    if (slot === 0) return false;
    memory.f64[slot] = value;
    return true;
  };
  const read = (reader: JournalReader): number[] => {
    const values: number[] = [];
    while (reader.available() > 0) {
      values.push(memory.f64[reader.address(0)] as number);
      reader.advance(1);
    }
    return values;
  };
  return { memory, arena, bell, journal, writer, join, write, read };
}

const STARTS = [0, 2 ** 31 - 5, 2 ** 32 - 5, 2 ** 33 - 5, 2 ** 53 - 10_000];

describe.each(STARTS)('a ring that starts at sequence %d', (start) => {
  it('gives every gating reader every record once, in order, at random claims, publishes and reads', () => {
    const action = fc.oneof(
      { weight: 6, arbitrary: fc.constant('write' as const) },
      { weight: 2, arbitrary: fc.constant('publish' as const) },
      { weight: 2, arbitrary: fc.constantFrom('read0' as const, 'read1' as const) },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(action, { maxLength: 300 }),
        (capacity, actions) => {
          const { writer, join, write, read, journal } = setUp({ capacity, start });
          const readers = [join(true, start), join(true, start)] as const;
          const seen: [number[], number[]] = [[], []];
          let written = 0;
          let published = 0;
          for (const action of actions) {
            if (action === 'write') {
              const slowest = Math.min(seen[0].length, seen[1].length);
              const fits = written - slowest < journal.capacity;
              expect(write(written)).toBe(fits);
              if (fits) written++;
            } else if (action === 'publish') {
              writer.publish();
              published = written;
              expect(publishedSequence(journal)).toBe(start + published);
            } else {
              const i = action === 'read0' ? 0 : 1;
              expect(readers[i].available()).toBe(published - seen[i].length);
              seen[i].push(...read(readers[i]));
              expect(readers[i].position).toBe(start + published);
            }
          }
          writer.publish();
          for (const i of [0, 1] as const) {
            seen[i].push(...read(readers[i]));
            expect(seen[i]).toEqual(Array.from({ length: written }, (_, n) => n));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a ring', () => {
  it('rounds its capacity up to a power of two', () => {
    expect(setUp({ capacity: 5 }).journal.capacity).toBe(8);
    expect(setUp({ capacity: 1 }).journal.capacity).toBe(1);
  });

  it('holds the writer back for a gating reader and goes on when it leaves', () => {
    const { join, write, writer, journal } = setUp({ capacity: 2 });
    const reader = join(true, 0);
    expect([write(0), write(1), write(2)]).toEqual([true, true, false]);
    leaveReader(journal, reader.slot);
    expect(write(2)).toBe(true);
    expect(writer.next).toBe(3);
  });

  it('shows a reader nothing that was not published', () => {
    const { join, write, writer } = setUp({ capacity: 8 });
    const reader = join(true, 0);
    write(1);
    expect(reader.available()).toBe(0);
    writer.publish();
    expect(reader.available()).toBe(1);
  });

  it('takes a claim back', () => {
    const { join, write, writer, read } = setUp({ capacity: 2 });
    const reader = join(true, 0);
    write(1);
    writer.claim();
    writer.unclaim();
    write(2);
    writer.publish();
    expect(read(reader)).toEqual([1, 2]);
  });

  it('claims runs that end at the last slot', () => {
    const { join, writer, journal } = setUp({ capacity: 8 });
    const reader = join(true, 0);
    expect(writer.claimRun(6)).toEqual({ address: journal.slots, count: 6 });
    writer.publish();
    reader.advance(6);
    expect(writer.claimRun(6).count).toBe(2);
    expect(writer.claimRun(6)).toEqual({ address: journal.slots, count: 6 });
    expect(writer.claimRun(1).count).toBe(0);
  });

  it('claims no run across the last slot, also where all slots are free', () => {
    const { join, writer, journal } = setUp({ capacity: 8 });
    const reader = join(true, 0);
    writer.claimRun(6);
    writer.publish();
    reader.advance(6);
    expect(writer.look()).toBe(8);
    expect(writer.claimRun(6)).toEqual({ address: journal.slots + 6, count: 2 });
  });

  it('places a reader that joins without a start at the first record after the writer knows of it', () => {
    const { join, write, writer, read } = setUp({ capacity: 8 });
    write(1);
    writer.publish();
    const reader = join();
    expect(reader.hasJoined()).toBe(false);
    write(2);
    writer.publish();
    expect(reader.available()).toBe(0);
    writer.look();
    expect(reader.hasJoined()).toBe(true);
    write(3);
    writer.publish();
    expect(read(reader)).toEqual([3]);
  });

  it('places a reader where records are claimed but not published, which it does not see before they are', () => {
    const { join, write, writer, read } = setUp({ capacity: 8 });
    write(1);
    write(2);
    const reader = join();
    writer.look();
    expect(reader.hasJoined()).toBe(true);
    expect(reader.available()).toBe(0);
    expect(reader.lag()).toBe(0);
    write(3);
    writer.publish();
    expect(read(reader)).toEqual([3]);
  });

  it('wakes readers that joined since the writer looked, for records and for the end', () => {
    const { memory, bell, join, write, writer } = setUp({ retain: 'append' });
    writer.look();
    write(1);
    join(true, 0);
    memory.i32[bell] = 1;
    writer.publish();
    expect(memory.i32[bell]).toBe(0);
    join();
    memory.i32[bell] = 1;
    writer.end(EndKind.COMPLETE);
    expect(memory.i32[bell]).toBe(0);
  });

  it('gives a line that was left unplaced only to a reader that the writer places, until the writer has seen it', () => {
    const { join, writer, journal } = setUp({ retain: 'append' });
    const left = join();
    leaveReader(journal, left.slot);
    const retained = join(true, 0);
    expect(retained.slot).not.toBe(left.slot);
    const placed = join();
    expect(placed.slot).toBe(left.slot);
    leaveReader(journal, placed.slot);
    writer.look();
    expect(join(true, 0).slot).toBe(left.slot);
  });

  it('does not run out of lines when readers come and go and the writer never looks', () => {
    const { join, journal } = setUp();
    for (let i = 0; i < 100; i++) leaveReader(journal, join().slot);
  });

  it('does not revive a reader that left before the writer knew of it', () => {
    const { join, write, writer, journal } = setUp({ capacity: 1 });
    const reader = join();
    leaveReader(journal, reader.slot);
    writer.look();
    expect([write(1), write(2), write(3)]).toEqual([true, true, true]);
  });

  it('tells a lapped reader how many of its copies are not to be used', () => {
    const { join, write, writer, journal } = setUp({ capacity: 8 });
    const reader = join(false, 0);
    for (let i = 0; i < 8; i++) write(i);
    writer.publish();
    expect(reader.lost(8)).toBe(0);
    for (let i = 8; i < 20; i++) expect(write(i)).toBe(true);
    writer.publish();
    expect(reader.lag()).toBe(20);
    expect(reader.lost(20)).toBeGreaterThanOrEqual(12);
    expect(reader.oldest()).toBeGreaterThanOrEqual(12);
    expect(reader.oldest()).toBeLessThanOrEqual(20);
    reader.advance(reader.oldest() - reader.position);
    const kept = reader.available();
    expect(kept).toBeGreaterThan(0);
    expect(reader.lost(kept)).toBe(0);
    expect(journal.capacity).toBe(8);
  });

  it('does not count records as lost that were claimed beyond the capacity, but not published', () => {
    const { join, write, writer } = setUp({ capacity: 2 });
    const reader = join(false, 0);
    for (let i = 0; i < 4; i++) write(i);
    writer.publish();
    for (let i = 4; i < 9; i++) expect(write(i)).toBe(true);
    expect(reader.oldest()).toBe(4);
    writer.publish();
    expect(reader.oldest()).toBeGreaterThanOrEqual(7);
  });

  it('keeps what one writer announced when another takes its place', () => {
    const { join, write, writer, journal } = setUp({ capacity: 8 });
    const reader = join(false, 0);
    for (let i = 0; i < 8; i++) write(i);
    writer.publish();
    // These overwrite the first records, and are never published.
    for (let i = 8; i < 12; i++) write(i);
    const oldest = reader.oldest();
    expect(oldest).toBeGreaterThanOrEqual(4);
    const successor = new JournalWriter(journal);
    expect(successor.claim()).not.toBe(0);
    successor.end(EndKind.ERROR, 'died');
    expect(reader.oldest()).toBe(oldest);
    expect(reader.lost(8)).toBe(oldest);
  });

  it('announces past 2^32 where a writer before had announced nothing since', () => {
    const start = 2 ** 32 - 2;
    const { memory, journal, write, writer } = setUp({ capacity: 4, start });
    for (let i = 0; i < 4; i++) write(i);
    writer.publish();
    const next = new JournalWriter(journal);
    joinReader(journal, { gating: false, from: start + 4 });
    expect(next.claim()).not.toBe(0);
    expect(loadSequence(memory, journal.cell + at.CLAIMED)).toBe(start + 5);
  });

  it('refuses capacities out of range and the reader after the last line', () => {
    for (const capacity of [0, -1, 1.5, 2 ** 31, Number.NaN]) {
      expect(() => setUp({ capacity })).toThrowError(expect.objectContaining({ code: 'CAPACITY' }));
    }
    const { join } = setUp();
    for (let i = 0; i < 32; i++) join(true, 0);
    expect(() => join(true, 0)).toThrowError(expect.objectContaining({ code: 'TOO_MANY_READERS' }));
  });

  it('is published with one atomic store a batch, and fenced only for readers that may be lapped', () => {
    const { memory, journal, join } = setUp({ capacity: 64 });
    const stores: number[] = [];
    let fences = 0;
    const cells: Memory['cells'] = {
      ...memory.cells,
      store: (i32, i, v) => {
        stores.push(i);
        memory.cells.store(i32, i, v);
      },
      fence: (i32, i) => {
        fences++;
        memory.cells.fence(i32, i);
      },
    };
    const writer = new JournalWriter({ ...journal, memory: { ...memory, cells } });
    const reader = join(true, 0);
    const batches = (count: number) => {
      for (let b = 0; b < count; b++) {
        for (let i = 0; i < 32; i++) expect(writer.claim()).not.toBe(0);
        writer.publish();
        reader.advance(reader.available());
      }
    };
    batches(10);
    expect(stores).toEqual(Array(10).fill(journal.cell + at.PUBLISHED));
    expect(fences).toBe(0);
    join(false);
    writer.look();
    batches(10);
    // A quarter of the ring at a time: once in sixteen records.
    expect(fences).toBeGreaterThan(0);
    expect(fences).toBeLessThanOrEqual(21);
  });

  it('has 128 bytes of their own for each cursor, bell and the first slot', () => {
    const { journal, bell, arena } = setUp();
    const cells = [
      bell,
      createBell(arena),
      journal.cell,
      journal.cell + at.PUBLISHED,
      journal.cell + at.READERS_VERSION,
      ...Array.from({ length: at.READERS }, (_, i) => readerCell(journal, i)),
      2 * journal.slots,
    ];
    expect(new Set(cells.map((cell) => Math.floor((4 * cell) / 128))).size).toBe(cells.length);
  });
});

describe('an append journal', () => {
  it.each(STARTS)('keeps every record from sequence %d on and is full at its exact capacity', (start) => {
    const { join, write, writer, read } = setUp({ capacity: 5, retain: 'append', start });
    for (let i = 0; i < 5; i++) expect(write(i)).toBe(true);
    expect(write(5)).toBe(false);
    writer.publish();
    expect(read(join(true, start))).toEqual([0, 1, 2, 3, 4]);
    expect(read(join(true, start + 3))).toEqual([3, 4]);
  });
});

describe('the end of a journal', () => {
  it('comes after all that was claimed, with its text', () => {
    const { journal, join, write, writer, read } = setUp();
    const reader = join(true, 0);
    write(7);
    expect(endKind(journal)).toBe(EndKind.OPEN);
    writer.end(EndKind.ERROR, 'broke ✗');
    expect(endKind(journal)).toBe(EndKind.ERROR);
    expect(endPayload(journal)).toBe('broke ✗');
    expect(read(reader)).toEqual([7]);
  });
});

describe('the text of an end', () => {
  it('is cut where its place ends, before the first record', () => {
    const { journal, writer, memory, write } = setUp();
    write(42);
    writer.end(EndKind.ERROR, 'x'.repeat(100_000));
    expect(memory.f64[journal.slots]).toBe(42);
    expect(endPayload(journal)).toBe('x'.repeat(at.MAX_PAYLOAD_BYTES));
  });
});

describe('a handle', () => {
  it('opens the same journal, and its region can be used again once it is freed', () => {
    const { memory, arena, journal, write, writer } = setUp({ capacity: 4 });
    write(1);
    writer.publish();
    const { name, address } = structuredClone({ name: journal.name, address: journal.address });
    const opened = openJournal(memory, { name, address });
    expect(opened).toMatchObject({ capacity: 4, recordWords: 1, retain: 'ring', slots: journal.slots });
    expect(publishedSequence(opened)).toBe(1);
    const used = arena.usedBytes;
    freeJournal(arena, journal);
    const again = createJournal(arena, { name: 'again', recordWords: 1, capacity: 4 });
    expect(arena.usedBytes).toBe(used);
    expect(publishedSequence(again)).toBe(0);
    expect(endKind(again)).toBe(EndKind.OPEN);
  });
});
