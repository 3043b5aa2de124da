// The arena: hands out regions of an engine's memory to any of its threads and takes them back.
//
//   line 0      never used, so that address 0 means "none"
//   line 1      the arena's header: lock, number of lines, high-water line, lines taken
//   line 2 …    lists of free blocks by length (free-lists.ts)
//   then        blocks, each a header line followed by its region
//
// A block's header line holds its length in lines (header included), whether it is taken, and the length of the block
// before it; free neighbours are joined when a block is freed. Blocks are changed only under the lock. Lines at or above
// the high-water line have never been written, so they are still zero and their pages were never committed.
import { fail } from '../errors/index.js';
import { FREE_LISTS_CELLS, FreeLists } from './free-lists.js';
import { type Memory, WORD_BYTES } from './memory.js';

/** Bytes in a line: two cache lines, because neighbours are fetched in pairs. */
export const LINE_BYTES = 128;
/** Words in a line. */
export const LINE_WORDS = LINE_BYTES / WORD_BYTES;
/** 32-bit cells in a line. */
export const LINE_CELLS = LINE_BYTES / 4;

const HEADER = 1 * LINE_CELLS;
const LOCK = HEADER + 0;
const LINES = HEADER + 1;
const HIGH_WATER = HEADER + 2;
const USED_LINES = HEADER + 3;
const FREE_LISTS = HEADER + LINE_CELLS;

const LENGTH = 0;
const TAKEN = 1;
const BEFORE = 2;
/** Of a free block: its neighbours in the list of blocks of its length. */
const NEXT = 3;
const PREVIOUS = 4;

const FIRST_BLOCK = 2 + Math.ceil(FREE_LISTS_CELLS / LINE_CELLS);
/** A remainder smaller than this is not worth a block of its own. */
const MIN_BLOCK_LINES = 2;

/** Allocates line-aligned, zeroed regions, addressed in words. */
export class Arena {
  readonly memory: Memory;
  private readonly freeLists: FreeLists;

  private constructor(memory: Memory) {
    this.memory = memory;
    const block = { lineCells: LINE_CELLS, length: LENGTH, next: NEXT, previous: PREVIOUS };
    this.freeLists = new FreeLists(memory.i32, FREE_LISTS, block);
  }

  /** Lays an arena over a memory nobody uses yet. */
  static create(memory: Memory): Arena {
    const cells = memory.i32;
    const lines = Math.floor(memory.buffer.byteLength / LINE_BYTES);
    cells[LINES] = lines;
    cells[HIGH_WATER] = FIRST_BLOCK + 1;
    cells[FIRST_BLOCK * LINE_CELLS + LENGTH] = lines - FIRST_BLOCK;
    const arena = new Arena(memory);
    arena.freeLists.add(FIRST_BLOCK);
    return arena;
  }

  /** Opens the arena of a memory that another thread has laid out. */
  static open(memory: Memory): Arena {
    return new Arena(memory);
  }

  /** Bytes taken, block headers included. */
  get usedBytes(): number {
    return (this.memory.i32[USED_LINES] as number) * LINE_BYTES;
  }

  /**
   * Takes a region.
   *
   * @param words Its size in words, at least 1.
   * @param what What it is for, for the error.
   * @returns Its word address; the region is zeroed and starts on a line.
   * @throws {RangeError} OUT_OF_MEMORY when no free block is long enough.
   */
  allocate(words: number, what: string): number {
    const wanted = 1 + Math.ceil(words / LINE_WORDS);
    this.lock();
    try {
      const line = this.freeLists.find(wanted);
      if (line === 0) throw this.outOfMemory(words, what);
      this.freeLists.remove(line);
      this.take(line, wanted);
      return (line + 1) * LINE_WORDS;
    } finally {
      this.unlock();
    }
  }

  /** Gives a region back; its words may be handed out again at once. */
  free(address: number): void {
    const cells = this.memory.i32;
    this.lock();
    try {
      let line = address / LINE_WORDS - 1;
      let length = cells[line * LINE_CELLS + LENGTH] as number;
      cells[USED_LINES] = (cells[USED_LINES] as number) - length;
      const after = line + length;
      if (after < (cells[LINES] as number) && cells[after * LINE_CELLS + TAKEN] === 0) {
        this.freeLists.remove(after);
        length += cells[after * LINE_CELLS + LENGTH] as number;
      }
      const before = cells[line * LINE_CELLS + BEFORE] as number;
      if (before > 0 && cells[(line - before) * LINE_CELLS + TAKEN] === 0) {
        line -= before;
        length += before;
        this.freeLists.remove(line);
      }
      this.setBlock(line, length, 0);
      this.freeLists.add(line);
    } finally {
      this.unlock();
    }
  }

  /** Takes `wanted` lines from the start of a free block and zeroes what was written before. */
  private take(line: number, wanted: number): void {
    const cells = this.memory.i32;
    const length = cells[line * LINE_CELLS + LENGTH] as number;
    const rest = length - wanted;
    const taken = rest < MIN_BLOCK_LINES ? length : wanted;
    const before = cells[line * LINE_CELLS + BEFORE] as number;
    const highWater = cells[HIGH_WATER] as number;
    const dirtyEnd = Math.min(line + taken, highWater);
    if (dirtyEnd > line) cells.fill(0, line * LINE_CELLS, dirtyEnd * LINE_CELLS);
    cells[line * LINE_CELLS + BEFORE] = before;
    this.setBlock(line, taken, 1);
    if (taken < length) {
      this.setBlock(line + taken, rest, 0);
      this.freeLists.add(line + taken);
      // The remainder's header line is written now.
      cells[HIGH_WATER] = Math.max(highWater, line + taken + 1);
    } else {
      cells[HIGH_WATER] = Math.max(highWater, line + taken);
    }
    cells[USED_LINES] = (cells[USED_LINES] as number) + taken;
  }

  /** Writes a block's length and state, and its length into the block after it. */
  private setBlock(line: number, length: number, taken: 0 | 1): void {
    const cells = this.memory.i32;
    cells[line * LINE_CELLS + LENGTH] = length;
    cells[line * LINE_CELLS + TAKEN] = taken;
    const after = line + length;
    if (after < (cells[LINES] as number)) cells[after * LINE_CELLS + BEFORE] = length;
  }

  // The lock orders every plain access of this file: it is taken and released with atomic operations.
  private lock(): void {
    const { cells, i32 } = this.memory;
    while (cells.compareExchange(i32, LOCK, 0, 1) !== 0);
  }

  private unlock(): void {
    this.memory.cells.store(this.memory.i32, LOCK, 0);
  }

  private outOfMemory(words: number, what: string): Error {
    const total = (this.memory.i32[LINES] as number) * LINE_BYTES;
    const free = Math.max(0, this.freeLists.longest() - 1) * LINE_BYTES;
    return fail('OUT_OF_MEMORY', { what, bytes: words * WORD_BYTES, free, total });
  }
}
