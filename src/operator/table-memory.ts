// Makes an empty keyed table and gives a table's memory back, for every backend: what lies in between is theirs.
import {
  BUCKET_DEPTH,
  bucketCells,
  LIST_CELLS,
  SIZE_MASK,
  SIZE_MIN,
  TABLE_DIRECTORY,
  TABLE_HEADER_WORDS,
  TABLE_MASK,
  TABLE_SEGMENT_LIST,
  TABLE_SEGMENT_ROOM,
  TABLE_SEGMENTS,
} from './table-layout.js';

/** The memory that a table is in, and where it takes its parts from. */
export interface TableMemory {
  readonly memory: { readonly i32: Int32Array };
  readonly arena: {
    /** @param table Which table it is for, by a number that means nothing here. */
    allocate(words: number, what: string, table: number): number;
    free(address: number): void;
  };
}

/**
 * Makes an empty table.
 *
 * @param what What it is, for the error.
 * @param table Its number, for the arena.
 * @returns The word address of its header.
 * @throws {RangeError} OUT_OF_MEMORY if there is no room for it. Whose the arena is gives back what it had got by then.
 */
export function createTable({ memory, arena }: TableMemory, what: string, table: number): number {
  const { i32 } = memory;
  const sizes = [TABLE_HEADER_WORDS, LIST_CELLS / 2, LIST_CELLS / 2, bucketCells(SIZE_MIN) / 2];
  const parts = sizes.map((words) => arena.allocate(words, what, table));
  const [head, directory, list, bucket] = parts as [number, number, number, number];
  i32[2 * directory] = (8 * bucket) | SIZE_MIN;
  i32[2 * head + TABLE_DIRECTORY] = 8 * directory;
  i32[2 * head + TABLE_SEGMENT_LIST] = 8 * list;
  i32[2 * head + TABLE_SEGMENT_ROOM] = LIST_CELLS;
  return head;
}

/** Gives all memory of a table back. */
export function disposeTable(
  { memory, arena }: { memory: TableMemory['memory']; arena: Pick<TableMemory['arena'], 'free'> },
  head: number,
): void {
  const { i32 } = memory;
  const cell = (at: number): number => i32[at] as number;
  /** The word address that a cell leads to. */
  const to = (at: number): number => (cell(at) & ~SIZE_MASK) >>> 3;
  const directory = to(2 * head + TABLE_DIRECTORY);
  for (let i = cell(2 * head + TABLE_MASK); i >= 0; i--) {
    const bucket = to(2 * directory + i);
    // Of the cells that lead to a bucket the first is met last.
    if (i < 2 ** cell(2 * bucket + BUCKET_DEPTH)) arena.free(bucket);
  }
  const list = to(2 * head + TABLE_SEGMENT_LIST);
  for (let i = 0; i < cell(2 * head + TABLE_SEGMENTS); i++) arena.free(to(2 * list + i));
  for (const address of [directory, list, head]) arena.free(address);
}
