// How a reader of a journal by hand takes its place: where it begins, and from where on records are whole.
import { fail } from '../../errors/index.js';
import { READER_BELL, READER_OWN_BELL, READER_OWNER, READERS_VERSION, WHOLE_FROM } from '../descriptor.js';
import { type Journal, joinReader, publishedSequence, readerCell } from '../journal.js';
import { JournalReader as CoreReader } from '../reader.js';
import { loadSequence } from '../sequence.js';
import type { UsersHere } from './here.js';
import { whileNobodyWrites } from './owner.js';
import type { JournalThread } from './thread.js';

/** Where a reader begins: with the oldest record there is, with what is written from now on, or at a sequence. */
export type From = 'start' | 'next' | number;

export interface Joined {
  readonly reader: CoreReader;
  /** Where it begins; undefined while the writer, on another thread, has not placed it yet. */
  readonly begin: number | undefined;
}

/**
 * Takes a line for a reader.
 *
 * Where every record is kept, and where nothing is being overwritten because nobody writes or the writer is of this thread,
 * it is placed at once. Else the writer places it at the record that it writes next.
 *
 * @throws {RangeError} NOT_RETAINED for a place that can't be had any more; JOURNAL_FROM for one that doesn't exist.
 */
export function join(
  journal: Journal,
  thread: JournalThread,
  here: UsersHere,
  gating: boolean,
  from: From,
): Joined {
  const base = { gating, owner: thread.number, ...(thread.bell === 0 ? {} : { bell: thread.bell }) };
  const placed = (at: number): Joined => {
    const reader = new CoreReader(journal, joinReader(journal, { ...base, from: at }));
    return { reader, begin: at };
  };
  if (journal.retain === 'append') return placed(beginOf(journal, from, publishedSequence(journal)));
  const { writer } = here;
  if (writer !== undefined) {
    const joined = placed(gating ? beginOf(journal, from, writer.next) : writer.next);
    writer.meetReaders();
    return gating ? joined : { ...joined, begin: beginOf(journal, from, writer.next) };
  }
  let joined: Joined | undefined;
  const isPlaced = whileNobodyWrites(journal, thread.number, () => {
    const next = publishedSequence(journal);
    const begin = beginOf(journal, from, next);
    joined = { ...placed(gating ? begin : next), begin };
  });
  if (isPlaced && joined !== undefined) return joined;
  // Another thread overwrites at this moment what a gating reader would have to keep.
  if (gating && from !== 'next') throw fail('NOT_RETAINED', { journal: journal.name, from });
  if (typeof from === 'number') checkPlace(journal, from, publishedSequence(journal));
  const slot = joinReader(journal, base);
  return { reader: new CoreReader(journal, slot), begin: undefined };
}

/** Takes a reader's line over from the thread that has joined it. Whoever writes will ring this thread's bell from now on. */
export function takeOver(journal: Journal, thread: JournalThread, slot: number, begin?: number): Joined {
  const { cells, i32 } = journal.memory;
  const line = readerCell(journal, slot);
  i32[line + READER_BELL] = thread.bell || line + READER_OWN_BELL;
  i32[line + READER_OWNER] = thread.number;
  // The writer reads the line anew after it has seen the new version; what it has published before is looked for first.
  cells.add(i32, journal.cell + READERS_VERSION, 1);
  return { reader: new CoreReader(journal, slot), begin };
}

/**
 * The sequence at which a reader begins, where the next record will have `next`. One that is gone is as the oldest.
 *
 * @throws {RangeError} JOURNAL_FROM
 */
export function beginOf(journal: Journal, from: From, next: number): number {
  if (from === 'next') return next;
  if (from !== 'start') checkPlace(journal, from, next);
  return Math.max(oldestWhole(journal, next), from === 'start' ? journal.start : from);
}

/**
 * The oldest record that is whole where the next one has the sequence `next`. In a ring a writer may have begun to write
 * that one in place, over the record that lies there; one that has died, over any.
 */
export function oldestWhole({ memory, cell, retain, start, capacity }: Journal, next: number): number {
  if (retain === 'append') return start;
  return Math.max(start, next - capacity + 1, loadSequence(memory, cell + WHOLE_FROM));
}

function checkPlace(journal: Journal, from: number, next: number): void {
  const { name, start } = journal;
  if (Number.isSafeInteger(from) && from >= start && from <= next) return;
  throw fail('JOURNAL_FROM', { journal: name, from, start, next });
}
