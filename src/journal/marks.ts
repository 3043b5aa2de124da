// Marks beside a journal: for some of its records, when the record of the source was handed in that they come of.
//
//   line 0   head     marks that were written, low 32 bits; less by one when the last is taken back
//   then     marks    the sequence of a record and a time of the shared clock, an f64 each; a ring of a power of two
//
// The journal's writer writes a mark before it publishes the record, and takes back one whose record has not come, before it
// claims another. So of the marks that a reader sees those of published records stand; their plain stores come before the
// store of HEAD, which comes before that of `published`. It reads marks only of records that it knows to be published: one
// that is being taken back and overwritten has a sequence beyond. A reader that is behind by a whole ring finds out by
// loading HEAD again behind a fence, and then has lost the marks in between; the writer waits for nobody. A mark that is written
// overwrites the one a ring before, which therefore counts as lost already when HEAD tells of the mark before it. The writer
// loads HEAD, which it has stored, before it overwrites: nothing after that load moves above it, nor the load above the store
// (as in slot-writer.ts). So a reader whose copy has a byte of the new mark sees by the second load of HEAD that it is late.
import { type Arena, LINE_CELLS, LINE_WORDS, type Memory, RegionKind } from '../memory/index.js';
import type { Journal } from './journal.js';

const HEAD = 0;
/** What readers fence by. */
const FENCE = LINE_CELLS / 2;

const MARK_WORDS = 2;
const MIN_MARKS = 1_024;
const MAX_MARKS = 65_536;

/** Where the marks of a journal lie; it can be posted. */
export interface MarksShape {
  /** Word address. */
  readonly address: number;
  /** How many there are room for: a power of two. */
  readonly size: number;
}

/**
 * How many marks a journal has room for if one of so many of the source's records has one: four times as many as can be under way
 * there, up to 65,536, and no more than can be under way at all. In a journal of selected records they may be denser.
 */
function sizeOf(capacity: number, every: number): number {
  const dense = Math.max(MIN_MARKS, (4 * capacity) / every);
  return 2 ** Math.ceil(Math.log2(Math.min(MAX_MARKS, dense, 2 * capacity + 2)));
}

export function marksWords(capacity: number, every: number): number {
  return LINE_WORDS + MARK_WORDS * sizeOf(capacity, every);
}

/** @throws {RangeError} OUT_OF_MEMORY when they don't fit. */
export function createMarks(
  arena: Arena,
  { name, capacity, address: of }: Pick<Journal, 'name' | 'capacity' | 'address'>,
  every: number,
): MarksShape {
  const use = { kind: RegionKind.MARKS, of };
  const address = arena.allocate(marksWords(capacity, every), `the marks of ${name}`, use);
  const size = sizeOf(capacity, every);
  const first = address + LINE_WORDS;
  // Readers begin a ring before the head: what was never written is of no record.
  arena.memory.f64.fill(-1, first, first + MARK_WORDS * size);
  return { address, size };
}

export class MarkWriter {
  private readonly head: number;
  private readonly first: number;
  private written: number;

  constructor(
    private readonly memory: Memory,
    { address, size }: MarksShape,
  ) {
    this.head = 2 * address + HEAD;
    this.first = address + LINE_WORDS;
    this.mask = size - 1;
    this.written = memory.cells.load(memory.i32, this.head);
  }

  private readonly mask: number;

  /** Marks a record that is yet to be published. */
  put(sequence: number, time: number): void {
    const { memory, first, mask } = this;
    memory.cells.load(memory.i32, this.head);
    const at = first + MARK_WORDS * (this.written & mask);
    memory.f64[at] = sequence;
    memory.f64[at + 1] = time;
    this.written = (this.written + 1) | 0;
    memory.cells.store(memory.i32, this.head, this.written);
  }

  /** Takes the last mark back: its record will not come. */
  takeBack(): void {
    this.written = (this.written - 1) | 0;
    this.memory.cells.store(this.memory.i32, this.head, this.written);
  }
}

export class MarkReader {
  /** When the source's record was handed in of the mark that {@link next} has found. */
  time = 0;
  private readonly head: number;
  private readonly fence: number;
  private readonly first: number;
  private readonly size: number;
  private passed: number;

  constructor(
    private readonly memory: Memory,
    { address, size }: MarksShape,
  ) {
    this.head = 2 * address + HEAD;
    this.fence = 2 * address + FENCE;
    this.first = address + LINE_WORDS;
    this.size = size;
    this.passed = (memory.cells.load(memory.i32, this.head) - size + 1) | 0;
  }

  /**
   * The sequence of the next record that has a mark, from one on, or `end` if none before that has: all records up to `end` must
   * be known to be published.
   */
  next(from: number, end: number): number {
    const { memory, first, size } = this;
    const { cells, i32, f64 } = memory;
    for (;;) {
      const head = cells.load(i32, this.head);
      const behind = (head - this.passed) | 0;
      if (behind <= 0) return end;
      if (behind < size) {
        const at = first + MARK_WORDS * (this.passed & (size - 1));
        const sequence = f64[at] as number;
        this.time = f64[at + 1] as number;
        cells.fence(i32, this.fence);
        if (((cells.load(i32, this.head) - this.passed) | 0) < size) {
          if (sequence >= end) return end;
          if (sequence >= from) return sequence;
          this.pass();
          continue;
        }
      }
      this.passed = (cells.load(i32, this.head) - (size >>> 1)) | 0;
    }
  }

  /** Is done with the mark that {@link next} has found. */
  pass(): void {
    this.passed = (this.passed + 1) | 0;
  }
}
