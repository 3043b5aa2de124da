// The arena's free blocks, in lists by length, so that finding one takes a few steps however many blocks there are.
//
//   cells 0 … 11    a bit for each list that is not empty
//   cells 12 …      the first block of each list, as a line; 0 if there is none
//
// Blocks of up to 31 lines have a list for each length; above, each doubling of the length is divided into 16 lists. A free
// block's header line holds the next and the previous block of its list, as lines, 0 for none. All of this follows from
// the blocks themselves, and can be made anew by walking through them. Used under the arena's lock only.
//
// Source: M. Masmano, I. Ripoll, A. Crespo, J. Real, TLSF: a new dynamic memory allocator for real-time systems, ECRTS 2004,
// with one level of bits.

const EXACT = 32;
const LOG_EXACT = 5;
const LOG_PARTS = 4;
const PARTS = 2 ** LOG_PARTS;
/** A memory of 4 GiB has 2^25 lines. */
const LOG_LINES = 25;
const LISTS = EXACT + (LOG_LINES - LOG_EXACT + 1) * PARTS;
const BIT_CELLS = Math.ceil(LISTS / 32);
/** Blocks of the wanted block's own list that are looked at: there some may be too short. */
const TRIES = 8;

/** Cells of the lists' heads and bits. */
export const FREE_LISTS_CELLS = BIT_CELLS + LISTS;

/** The list of blocks of a length in lines. */
function listOf(length: number): number {
  if (length < EXACT) return length;
  const log = 31 - Math.clz32(length);
  return EXACT + (log - LOG_EXACT) * PARTS + ((length >>> (log - LOG_PARTS)) & (PARTS - 1));
}

/** Where a block's header has what the lists need, as cells of its line. */
export interface BlockCells {
  readonly lineCells: number;
  readonly length: number;
  readonly next: number;
  readonly previous: number;
}

export class FreeLists {
  /**
   * @param cells The memory.
   * @param at The first of `FREE_LISTS_CELLS` cells, which are 0 as long as no block is free.
   */
  constructor(
    private readonly cells: Int32Array,
    private readonly at: number,
    private readonly block: BlockCells,
  ) {}

  /** Forgets all blocks. */
  clear(): void {
    this.cells.fill(0, this.at, this.at + FREE_LISTS_CELLS);
  }

  /** Takes in a block, whose length is stored. */
  add(line: number): void {
    const { cells, block } = this;
    const list = listOf(this.length(line));
    const head = this.at + BIT_CELLS + list;
    const first = cells[head] as number;
    cells[line * block.lineCells + block.next] = first;
    cells[line * block.lineCells + block.previous] = 0;
    if (first !== 0) cells[first * block.lineCells + block.previous] = line;
    cells[head] = line;
    const bits = this.at + (list >>> 5);
    cells[bits] = (cells[bits] as number) | (1 << (list & 31));
  }

  /** Takes a block out, before its length is changed. */
  remove(line: number): void {
    const { cells, block } = this;
    const next = cells[line * block.lineCells + block.next] as number;
    const previous = cells[line * block.lineCells + block.previous] as number;
    if (next !== 0) cells[next * block.lineCells + block.previous] = previous;
    if (previous !== 0) {
      cells[previous * block.lineCells + block.next] = next;
      return;
    }
    const list = listOf(this.length(line));
    cells[this.at + BIT_CELLS + list] = next;
    if (next !== 0) return;
    const bits = this.at + (list >>> 5);
    cells[bits] = (cells[bits] as number) & ~(1 << (list & 31));
  }

  /** A free block of at least so many lines; 0 if there is none. */
  find(wanted: number): number {
    const own = listOf(wanted);
    const near = this.search(own, wanted, TRIES);
    if (near !== 0) return near;
    const longer = this.firstList(own + 1);
    return longer < 0 ? this.search(own, wanted, Number.POSITIVE_INFINITY) : this.first(longer);
  }

  /** The length of the longest free block, in lines. */
  longest(): number {
    let longest = 0;
    for (let list = this.firstList(0); list >= 0; list = this.firstList(list + 1)) {
      for (let line = this.first(list); line !== 0; line = this.next(line))
        longest = Math.max(longest, this.length(line));
    }
    return longest;
  }

  private search(list: number, wanted: number, tries: number): number {
    let line = this.first(list);
    for (let i = 0; line !== 0 && i < tries; line = this.next(line), i++)
      if (this.length(line) >= wanted) return line;
    return 0;
  }

  /** The first list from one on that is not empty, or -1. */
  private firstList(from: number): number {
    let mask = -1 << (from & 31);
    for (let i = from >>> 5; i < BIT_CELLS; i++, mask = -1) {
      const bits = (this.cells[this.at + i] as number) & mask;
      if (bits !== 0) return 32 * i + 31 - Math.clz32(bits & -bits);
    }
    return -1;
  }

  private first(list: number): number {
    return this.cells[this.at + BIT_CELLS + list] as number;
  }

  private next(line: number): number {
    return this.cells[line * this.block.lineCells + this.block.next] as number;
  }

  private length(line: number): number {
    return this.cells[line * this.block.lineCells + this.block.length] as number;
  }
}
