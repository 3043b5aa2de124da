// A journal: the log between two stages, with one writer and many readers. Created here, opened anywhere by its handle.
import { fail } from '../errors/index.js';
import { type Arena, LINE_CELLS, LINE_WORDS, type Memory, RegionKind } from '../memory/index.js';
import { ring } from './bell.js';
import * as at from './descriptor.js';
import { type EndKind, ReaderState } from './descriptor.js';
import { loadSequence, lowBits, storeSequence } from './sequence.js';

/** What a journal keeps: `ring` reuses a slot once every gating reader has passed it, `append` keeps every record. */
export type Retain = 'ring' | 'append';

/** Slots of a journal unless told. */
export const DEFAULT_CAPACITY = 16_384;
const MAX_CAPACITY = 1_073_741_824;

/** All that another thread needs to open a journal in the same memory. It can be posted. */
export interface JournalHandle {
  /** For messages. */
  readonly name: string;
  /** Word address of its region. */
  readonly address: number;
}

/** What the size of a journal follows from. */
export interface JournalSize {
  /** Words of a record. */
  readonly recordWords: number;
  /** Slots, from 1 to 2^30; a ring rounds up to a power of two. */
  readonly capacity?: number;
  readonly retain?: Retain;
}

export interface JournalOptions extends JournalSize {
  readonly name: string;
  /** The sequence of the first record; 0 unless told. */
  readonly start?: number;
}

/** A journal as a thread sees it. */
export interface Journal extends JournalHandle {
  readonly memory: Memory;
  /** Cell index of its region. */
  readonly cell: number;
  readonly capacity: number;
  readonly recordWords: number;
  readonly retain: Retain;
  readonly start: number;
  /** Word address of the first slot. */
  readonly slots: number;
  /** The slot of a sequence is `(lowBits(sequence) - origin) & mask`. */
  readonly mask: number;
  readonly origin: number;
}

/** Slots that a journal of the asked capacity gets. */
function journalSlots(capacity: number, retain: Retain): number {
  return retain === 'ring' ? 2 ** Math.ceil(Math.log2(capacity)) : capacity;
}

/** Words of a journal's region before the payload of its end, and before its slots. */
const PAYLOAD_AT = (at.FIRST_READER / LINE_CELLS + at.READERS) * LINE_WORDS;
const SLOTS_AT = PAYLOAD_AT + at.MAX_PAYLOAD_BYTES / 8;

/** Words of the region of a journal. */
export function journalWords({
  recordWords,
  capacity = DEFAULT_CAPACITY,
  retain = 'ring',
}: JournalSize): number {
  return SLOTS_AT + journalSlots(capacity, retain) * recordWords;
}

/**
 * Creates a journal.
 *
 * @throws {RangeError} CAPACITY for a capacity out of range, OUT_OF_MEMORY when it doesn't fit.
 */
export function createJournal(arena: Arena, options: JournalOptions): Journal {
  const { name, recordWords, capacity = DEFAULT_CAPACITY, retain = 'ring', start = 0 } = options;
  if (!(Number.isInteger(capacity) && capacity >= 1 && capacity <= MAX_CAPACITY)) {
    throw fail('CAPACITY', { journal: name, capacity });
  }
  const slots = journalSlots(capacity, retain);
  const words = journalWords({ recordWords, capacity, retain });
  const address = arena.allocate(words, `journal ${name}`, { kind: RegionKind.JOURNAL });
  const { memory } = arena;
  const cell = address * 2;
  const { i32, f64 } = memory;
  // Nobody else knows the region yet; it is handed over by a message or an atomic store.
  i32[cell + at.CAPACITY] = slots;
  i32[cell + at.RECORD_WORDS] = recordWords;
  i32[cell + at.RETAIN] = retain === 'append' ? 1 : 0;
  i32[cell + at.MAX_READERS] = at.READERS;
  i32[cell + at.SLOTS] = address + SLOTS_AT;
  i32[cell + at.PAYLOAD] = address + PAYLOAD_AT;
  f64[(cell + at.START) / 2] = start;
  storeSequence(memory, cell + at.PUBLISHED, start, 0);
  storeSequence(memory, cell + at.CLAIMED, start, 0);
  return openJournal(memory, { name, address });
}

/** Opens a journal that this or another thread created in the memory. */
export function openJournal(memory: Memory, handle: JournalHandle): Journal {
  const { name, address } = handle;
  const { i32, f64 } = memory;
  const cell = address * 2;
  const capacity = i32[cell + at.CAPACITY] as number;
  const retain = i32[cell + at.RETAIN] === 1 ? 'append' : 'ring';
  const start = f64[(cell + at.START) / 2] as number;
  return {
    name,
    address,
    memory,
    cell,
    capacity,
    recordWords: i32[cell + at.RECORD_WORDS] as number,
    retain,
    start,
    slots: (i32[cell + at.SLOTS] as number) >>> 0,
    // A journal that keeps every record never wraps.
    mask: retain === 'ring' ? capacity - 1 : -1,
    origin: retain === 'ring' ? 0 : lowBits(start),
  };
}

/** Gives back the region of a journal that no thread uses any more. */
export function freeJournal(arena: Arena, journal: JournalHandle): void {
  arena.free(journal.address);
}

/** How many records have been published, as the sequence after the last. */
export function publishedSequence(journal: Journal): number {
  return loadSequence(journal.memory, journal.cell + at.PUBLISHED);
}

/** How many records its writer has dropped for want of room (see {@link JournalWriter.countDropped}). */
export function droppedRecords(journal: Journal): number {
  return loadSequence(journal.memory, journal.cell + at.DROPPED);
}

/** How the journal ended, or that it is open. Everything published before the end is visible once it shows. */
export function endKind(journal: Journal): EndKind {
  const { memory, cell } = journal;
  return memory.cells.load(memory.i32, cell + at.END_KIND) as EndKind;
}

/** The text that the writer left with the end. */
export function endPayload(journal: Journal): string {
  const { memory, cell } = journal;
  // Ordered by the end's kind, which is stored after the payload and was loaded by the caller.
  const start = ((memory.i32[cell + at.PAYLOAD] as number) >>> 0) * 8;
  const bytes = memory.i32[cell + at.PAYLOAD_BYTES] as number;
  return new TextDecoder().decode(memory.u8.slice(start, start + bytes));
}

/** Whether the writer waits for readers to make room. */
export function isWriterWaiting({ memory, cell }: Journal): boolean {
  return memory.cells.load(memory.i32, cell + at.WRITER_BELL) !== 0;
}

/** The sequence that a reader will read next, or -1 if it has left or has not been placed yet. */
export function readerPosition(journal: Journal, slot: number): number {
  const { cells, i32 } = journal.memory;
  const cell = readerCell(journal, slot);
  const state = cells.load(i32, cell + at.READER_STATE);
  if (state !== ReaderState.GATING && state !== ReaderState.LAPPED) return -1;
  return loadSequence(journal.memory, cell + at.POSITION);
}

/** Cell index of a reader's line. */
export function readerCell(journal: Journal, slot: number): number {
  return journal.cell + at.FIRST_READER + slot * LINE_CELLS;
}

/** How a reader joins. */
export interface JoinOptions {
  /** Cell index of the bell to ring when there is something to read; one of its own line unless told. */
  readonly bell?: number;
  /** The number of its thread, for journals by hand; 0 unless told. */
  readonly owner?: number;
  /** Whether the writer waits for it. */
  readonly gating: boolean;
  /** Where it starts; only if the writer does not run yet, or the journal keeps every record. */
  readonly from?: number;
}

/**
 * Takes a reader's line. Any thread may.
 *
 * Without `from` the reader starts once the writer knows of it, at the first record published after that.
 *
 * @returns The number of the line.
 * @throws {RangeError} TOO_MANY_READERS when all lines are taken.
 */
export function joinReader(journal: Journal, options: JoinOptions): number {
  const { memory } = journal;
  const { cells, i32 } = memory;
  const slot = takeLine(journal, options.from === undefined);
  const cell = readerCell(journal, slot);
  // Ordered by the state, which is stored after them.
  i32[cell + at.READER_BELL] = options.bell ?? cell + at.READER_OWN_BELL;
  i32[cell + at.READER_OWNER] = options.owner ?? 0;
  if (options.from === undefined) {
    const state = options.gating ? ReaderState.JOINING : ReaderState.JOINING_LAPPED;
    cells.store(i32, cell + at.READER_STATE, state);
  } else {
    storeSequence(memory, cell + at.POSITION, options.from, -1);
    cells.store(i32, cell + at.READER_STATE, options.gating ? ReaderState.GATING : ReaderState.LAPPED);
  }
  // The writer reads the line after it has seen the new version.
  cells.add(i32, journal.cell + at.READERS_VERSION, 1);
  return slot;
}

/** Gives a reader's line back; the writer no longer waits for it. */
export function leaveReader(journal: Journal, slot: number): void {
  const { cells, i32 } = journal.memory;
  const state = readerCell(journal, slot) + at.READER_STATE;
  // The writer may be about to store the position of a reader that it has not placed yet.
  const leftUnplaced =
    cells.compareExchange(i32, state, ReaderState.JOINING, ReaderState.LEFT) === ReaderState.JOINING ||
    cells.compareExchange(i32, state, ReaderState.JOINING_LAPPED, ReaderState.LEFT) ===
      ReaderState.JOINING_LAPPED;
  if (!leftUnplaced) cells.store(i32, state, ReaderState.FREE);
  cells.add(i32, journal.cell + at.READERS_VERSION, 1);
  const writer = cells.load(i32, journal.cell + at.WRITER_BELL);
  if (writer !== 0) ring(journal.memory, writer);
}

/**
 * Takes a line for a reader that joins.
 *
 * A line that was left unplaced is good for one that the writer will place: whichever of the two the writer means, it
 * stores the same position. It is taken first, so that the others are there for who places itself.
 */
function takeLine(journal: Journal, placedByWriter: boolean): number {
  const { LEFT, FREE, TAKEN } = ReaderState;
  const { cells, i32 } = journal.memory;
  for (const wanted of placedByWriter ? [LEFT, FREE] : [FREE]) {
    for (let slot = 0; slot < at.READERS; slot++) {
      const state = readerCell(journal, slot) + at.READER_STATE;
      if (cells.load(i32, state) !== wanted) continue;
      if (cells.compareExchange(i32, state, wanted, TAKEN) === wanted) return slot;
    }
  }
  throw fail('TOO_MANY_READERS', { journal: journal.name, limit: at.READERS });
}
