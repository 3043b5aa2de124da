// The arena: hands out regions of an engine's memory to any of its threads and takes them back.
//
//   line 0      never used, so that address 0 means "none"
//   line 1      the arena's header: lock, number of lines, high-water line, lines taken
//   line 2 …    lists of free blocks by length (free-lists.ts)
//   then        blocks, each a header line followed by its region
//
// A block's header line holds its length in lines (header included), its owner, the length of the block before it, and what it
// was taken for; free neighbours are joined when a block is freed. Blocks are changed only under the lock. Lines at or above the high-water
// line have never been written, so they are still zero and their pages were never committed.
//
// A thread may die anywhere, also while it holds the lock. So the lock holds the number of its owner, and the truth is kept
// in lengths and owners alone: from the first block on, lengths lead from header to header, and each change of the chain is
// one atomic store, made when all that it refers to is in place. Everything else can be computed again. Whoever knows that
// a thread is dead calls `recover`, which takes the lock over if the dead one held it, frees the blocks that it owned, and
// computes the rest anew.
import { fail } from '../errors/index.js';
import { sleep } from './atomics.js';
import { FREE_LISTS_CELLS, FreeLists } from './free-lists.js';
import { type Memory, WORD_BYTES } from './memory.js';
import { RegionKind, type RegionUse, type TakenBlock } from './region-use.js';

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
/** The number of the thread that has the block, or NOBODY. */
const OWNER = 1;
const BEFORE = 2;
/** Of a free block: its neighbours in the list of blocks of its length. */
const NEXT = 3;
const PREVIOUS = 4;
/** Of a block that is taken: what for (see {@link RegionUse}). */
const KIND = 5;
const OF = 6;
const TABLE = 7;

const FIRST_BLOCK = 2 + Math.ceil(FREE_LISTS_CELLS / LINE_CELLS);
/** A remainder smaller than this is not worth a block of its own. */
const MIN_BLOCK_LINES = 2;

/** The owner of a free block and of the free lock. */
const NOBODY = 0;
/** The number of the thread that laid the arena out. */
const FOUNDER = 1;
/** How often a thread tries to take the lock before it looks why it can't. */
const TRIES = 1_000;
const SLEEP_MS = 1;

/** Bytes of the arena's own: what lies before the first block. */
export const ARENA_BYTES = FIRST_BLOCK * LINE_BYTES;

const OTHER: RegionUse = { kind: RegionKind.OTHER };

/** Bytes that a region of so many words takes, the header of its block included. */
export function regionBytes(words: number): number {
  return linesOf(words) * LINE_BYTES;
}

function linesOf(words: number): number {
  return 1 + Math.ceil(words / LINE_WORDS);
}

/** Allocates line-aligned, zeroed regions, addressed in words. */
export class Arena {
  readonly memory: Memory;
  private readonly owner: number;
  private readonly isDead: (holder: number) => boolean;
  private readonly freeLists: FreeLists;

  private constructor(memory: Memory, owner: number, isDead: (holder: number) => boolean) {
    this.memory = memory;
    this.owner = owner;
    this.isDead = isDead;
    const block = { lineCells: LINE_CELLS, length: LENGTH, next: NEXT, previous: PREVIOUS };
    this.freeLists = new FreeLists(memory.i32, FREE_LISTS, block);
  }

  /**
   * Lays an arena over a memory nobody uses yet.
   *
   * @param isDead Whether a thread, which holds the lock for long, is known to run no more.
   */
  static create(memory: Memory, isDead: (holder: number) => boolean = () => false): Arena {
    const cells = memory.i32;
    const lines = Math.floor(memory.buffer.byteLength / LINE_BYTES);
    cells[LINES] = lines;
    cells[HIGH_WATER] = FIRST_BLOCK + 1;
    cells[FIRST_BLOCK * LINE_CELLS + LENGTH] = lines - FIRST_BLOCK;
    const arena = new Arena(memory, FOUNDER, isDead);
    arena.freeLists.add(FIRST_BLOCK);
    return arena;
  }

  /**
   * Opens the arena of a memory that another thread has laid out.
   *
   * @param owner The number of this thread: from 2 on, and no other's.
   */
  static open(memory: Memory, owner: number): Arena {
    const sleepWhileHeld = (holder: number) => {
      sleep(memory.i32, LOCK, holder, SLEEP_MS);
      return false;
    };
    return new Arena(memory, owner, sleepWhileHeld);
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
   * @param use What it is for, for whoever looks through all blocks.
   * @returns Its word address; the region is zeroed and starts on a line.
   * @throws {RangeError} OUT_OF_MEMORY when no free block is long enough.
   */
  allocate(words: number, what: string, use: RegionUse = OTHER): number {
    const wanted = linesOf(words);
    this.lock();
    try {
      const line = this.freeLists.find(wanted);
      if (line === 0) throw this.outOfMemory(words, what);
      this.freeLists.remove(line);
      this.take(line, wanted);
      this.label(line, use);
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
      let length = this.length(line);
      this.setOwner(line, NOBODY);
      cells[USED_LINES] = (cells[USED_LINES] as number) - length;
      const after = line + length;
      if (after < (cells[LINES] as number) && this.isFree(after)) {
        this.freeLists.remove(after);
        length += this.length(after);
        this.setLength(line, length);
      }
      const before = cells[line * LINE_CELLS + BEFORE] as number;
      if (before > 0 && this.isFree(line - before)) {
        line -= before;
        length += before;
        this.freeLists.remove(line);
        this.setLength(line, length);
      }
      this.linkBack(line, length);
      this.freeLists.add(line);
    } finally {
      this.unlock();
    }
  }

  /** All blocks that are taken, in the order of their addresses; no other thread takes or frees any meanwhile. */
  blocks(): TakenBlock[] {
    const cells = this.memory.i32;
    const blocks: TakenBlock[] = [];
    this.lock();
    try {
      const lines = cells[LINES] as number;
      for (let line = FIRST_BLOCK; line < lines; line += this.length(line)) {
        if (this.isFree(line)) continue;
        const at = line * LINE_CELLS;
        blocks.push({
          address: (line + 1) * LINE_WORDS,
          bytes: this.length(line) * LINE_BYTES,
          kind: cells[at + KIND] as RegionKind,
          of: cells[at + OF] as number,
          table: cells[at + TABLE] as number,
        });
      }
    } finally {
      this.unlock();
    }
    return blocks;
  }

  /**
   * Frees all that a thread has taken, and the lock if it holds it.
   *
   * @param dead The number of a thread that runs no more.
   */
  recover(dead: number): void {
    if (!this.inherit(dead)) this.lock();
    try {
      this.rebuild(dead);
    } finally {
      this.unlock();
    }
  }

  /** Walks all blocks: frees those of one owner, joins free neighbours, computes what follows from lengths and owners. */
  private rebuild(dead: number): void {
    const cells = this.memory.i32;
    const lines = cells[LINES] as number;
    cells[USED_LINES] = 0;
    this.freeLists.clear();
    let before = 0;
    for (let line = FIRST_BLOCK; line < lines; line += before) {
      let length = this.length(line);
      if (this.ownerOf(line) === dead) this.setOwner(line, NOBODY);
      if (this.isFree(line)) {
        for (let after = line + length; after < lines; after = line + length) {
          if (!this.isFree(after) && this.ownerOf(after) !== dead) break;
          length += this.length(after);
        }
        this.setLength(line, length);
        this.freeLists.add(line);
      } else cells[USED_LINES] = (cells[USED_LINES] as number) + length;
      cells[line * LINE_CELLS + BEFORE] = before;
      before = length;
    }
  }

  /** Takes `wanted` lines from the start of a free block and zeroes what was written before. */
  private take(line: number, wanted: number): void {
    const cells = this.memory.i32;
    const length = this.length(line);
    const splits = length - wanted >= MIN_BLOCK_LINES;
    const taken = splits ? wanted : length;
    const end = line + taken;
    const highWater = cells[HIGH_WATER] as number;
    // Raised before anything is written there, the remainder's header line included.
    cells[HIGH_WATER] = Math.max(highWater, splits ? end + 1 : end);
    const dirtyEnd = Math.min(end, highWater);
    if (dirtyEnd > line + 1) cells.fill(0, (line + 1) * LINE_CELLS, dirtyEnd * LINE_CELLS);
    if (splits) {
      // Nothing leads there until the block before it has been cut.
      cells[end * LINE_CELLS + LENGTH] = length - taken;
      cells[end * LINE_CELLS + OWNER] = NOBODY;
      cells[end * LINE_CELLS + BEFORE] = taken;
    }
    this.setOwner(line, this.owner);
    if (splits) {
      this.setLength(line, taken);
      this.linkBack(end, length - taken);
      this.freeLists.add(end);
    }
    cells[USED_LINES] = (cells[USED_LINES] as number) + taken;
  }

  private label(line: number, { kind, of = 0, table = 0 }: RegionUse): void {
    const cells = this.memory.i32;
    const at = line * LINE_CELLS;
    cells[at + KIND] = kind;
    cells[at + OF] = of;
    cells[at + TABLE] = table;
  }

  private length(line: number): number {
    return this.memory.i32[line * LINE_CELLS + LENGTH] as number;
  }

  private ownerOf(line: number): number {
    return this.memory.i32[line * LINE_CELLS + OWNER] as number;
  }

  private isFree(line: number): boolean {
    return this.ownerOf(line) === NOBODY;
  }

  /** Takes a block of the chain for its owner, or frees it. */
  private setOwner(line: number, owner: number): void {
    this.memory.cells.store(this.memory.i32, line * LINE_CELLS + OWNER, owner);
  }

  /** Makes a block of the chain end elsewhere. */
  private setLength(line: number, length: number): void {
    this.memory.cells.store(this.memory.i32, line * LINE_CELLS + LENGTH, length);
  }

  /** Tells the block after one of this length how long it is. */
  private linkBack(line: number, length: number): void {
    const cells = this.memory.i32;
    const after = line + length;
    if (after < (cells[LINES] as number)) cells[after * LINE_CELLS + BEFORE] = length;
  }

  // The lock orders every plain access of this file: it is taken and released with atomic operations.
  private lock(): void {
    const { cells, i32 } = this.memory;
    for (let tries = 1; cells.compareExchange(i32, LOCK, NOBODY, this.owner) !== NOBODY; tries++) {
      if (tries % TRIES !== 0) continue;
      const holder = cells.load(i32, LOCK);
      if (holder !== NOBODY && this.isDead(holder) && this.inherit(holder)) {
        this.rebuild(holder);
        return;
      }
    }
  }

  /** Takes the lock over from a dead thread, if it holds it. What that one has begun is to be put in order then. */
  private inherit(dead: number): boolean {
    const { cells, i32 } = this.memory;
    return cells.compareExchange(i32, LOCK, dead, this.owner) === dead;
  }

  private unlock(): void {
    this.memory.cells.store(this.memory.i32, LOCK, NOBODY);
  }

  private outOfMemory(words: number, what: string): Error {
    const total = (this.memory.i32[LINES] as number) * LINE_BYTES;
    const free = Math.max(0, this.freeLists.longest() - 1) * LINE_BYTES;
    return fail('OUT_OF_MEMORY', { what, bytes: words * WORD_BYTES, free, total });
  }
}
