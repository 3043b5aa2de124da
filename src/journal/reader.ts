// A reader of a journal: one position, moved forward as records are read.
//
// A gating reader reads slots in place: the writer does not touch them before the position has passed. A lapped reader
// copies first and validates afterwards: it fences, loads `claimed`, and the copy is good if the slot's record was not
// yet up for overwriting. Either the writer's claim came before the reader's load of it, and the copy is thrown away,
// or the reader's copy was complete before the writer's first store into the slot: both sides have a full fence between
// the slot and the cursor (see memory/atomics.ts for ARM64).
import type { Memory } from '../memory/index.js';
import { ring } from './bell.js';
import * as at from './descriptor.js';
import { ReaderState } from './descriptor.js';
import { type Journal, readerCell } from './journal.js';
import { loadSequence, lowBits, storeSequence } from './sequence.js';

export class JournalReader {
  readonly journal: Journal;
  readonly slot: number;
  private readonly memory: Memory;
  private readonly cell: number;
  private readonly publishedCell: number;
  private lo = 0;
  private sequence = 0;
  private joined = false;

  /** @param slot The line that `joinReader` returned. */
  constructor(journal: Journal, slot: number) {
    this.journal = journal;
    this.slot = slot;
    this.memory = journal.memory;
    this.cell = readerCell(journal, slot);
    this.publishedCell = journal.cell + at.PUBLISHED;
    this.hasJoined();
  }

  /** The sequence of the next record. Only once the writer knows of the reader. */
  get position(): number {
    return this.sequence;
  }

  /** What to pass to a driver: the position's low bits, counted from the first slot. */
  get slotIndex(): number {
    return (this.lo - this.journal.origin) | 0;
  }

  /** Whether the writer knows of the reader, so that it has a position. */
  hasJoined(): boolean {
    if (this.joined) return true;
    const state = this.memory.cells.load(this.memory.i32, this.cell + at.READER_STATE);
    if (state !== ReaderState.GATING && state !== ReaderState.LAPPED) return false;
    this.sequence = loadSequence(this.memory, this.cell + at.POSITION);
    this.lo = lowBits(this.sequence);
    this.joined = true;
    return true;
  }

  /**
   * How many records are there to read. A lapped reader that is more than 2^31 records behind has to look with {@link lag}.
   *
   * The writer places readers at the next record that it will claim: those before it may not be published yet, or never
   * be, if the writer dies.
   */
  available(): number {
    if (!this.joined && !this.hasJoined()) return 0;
    return Math.max(0, (this.memory.cells.load(this.memory.i32, this.publishedCell) - this.lo) | 0);
  }

  /** How many records have been published beyond the position. */
  lag(): number {
    if (!this.hasJoined()) return 0;
    return Math.max(0, loadSequence(this.memory, this.publishedCell) - this.sequence);
  }

  /** The word address of the record `i` after the position; `i` must be less than {@link available}. */
  address(i: number): number {
    const { slots, mask, origin, recordWords } = this.journal;
    return slots + ((this.lo + i - origin) & mask) * recordWords;
  }

  /** Passes `count` records; the writer may overwrite them from now on. */
  advance(count: number): void {
    const before = this.sequence;
    this.sequence = before + count;
    this.lo = lowBits(this.sequence);
    storeSequence(this.memory, this.cell + at.POSITION, this.sequence, before);
    const writer = this.memory.cells.load(this.memory.i32, this.journal.cell + at.WRITER_BELL);
    if (writer !== 0) ring(this.memory, writer);
  }

  /**
   * For a lapped reader, after it has copied `count` records from the position on.
   *
   * @returns How many of the first of them may have been overwritten meanwhile; these copies are not to be used.
   */
  lost(count: number): number {
    const { cells, i32 } = this.memory;
    cells.fence(i32, this.cell + at.READER_FENCE);
    const claimed = loadSequence(this.memory, this.journal.cell + at.CLAIMED);
    const oldest = claimed - this.journal.capacity;
    return Math.min(count, Math.max(0, oldest - this.sequence));
  }

  /**
   * For a lapped reader: the oldest sequence that it can still read. What has been claimed beyond the capacity is not
   * lost before it is published, and never is, if the writer dies.
   */
  oldest(): number {
    const claimed = loadSequence(this.memory, this.journal.cell + at.CLAIMED);
    const published = loadSequence(this.memory, this.publishedCell);
    return Math.min(published, Math.max(this.journal.start, claimed - this.journal.capacity));
  }
}
