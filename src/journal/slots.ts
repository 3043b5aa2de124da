// A slot store: latest values by slot or by key, written by one thread and read by any, without locks. Here is where
// everything lies in its region; slot-writer.ts and slot-reader.ts have the protocol.
//
//   line 0        readers     how many follow changes, whether some of them sleep, how often they were woken
//   line 1        writer      who writes, slots in use; written by the writer
//   then          blocks      one cell for 64 slots, which grows with each change in them while somebody follows changes
//   then          index       of a keyed store: slots by hash, 1 + slot in a cell, 0 if free; at most half of it is taken
//   then          slots       a word of version, the words of the key, two copies of the record
//
// A version is one cell: 0 as long as nothing was written, then it grows by one with each write. The copy that holds the
// latest value is the one of its lowest bit, so the next value is written where no reader is sent any more.
import { fail } from '../errors/index.js';
import { type Arena, LINE_CELLS, LINE_WORDS, type Memory, RegionKind } from '../memory/index.js';
import type { KeyTypes } from '../schema/index.js';

/** Slots of which one cell tells that something has changed. */
export const BLOCK_SLOTS = 64;
/** The greatest capacity: 2^28. */
export const MAX_SLOTS = 268_435_456;

// Line 0. Cells from the start of the region.
/** How many follow changes. */
export const WATCHERS = 0;
/** 1 if some of those who follow changes sleep, or are about to. */
export const WATCHERS_SLEEP = 1;
/** How often sleepers were woken: what they sleep on. */
export const RINGS = 2;

// Line 1.
/** 1 while somebody writes. */
export const HAS_WRITER = LINE_CELLS;
/** Slots that have keys. */
export const USED = LINE_CELLS + 1;

const HEADER_WORDS = 2 * LINE_WORDS;

/** What follows from a store's layout and keys, and where it lies. It can be posted. */
export interface SlotsShape {
  readonly name: string;
  /** Word address of its region. */
  readonly address: number;
  readonly capacity: number;
  readonly recordWords: number;
  /** The types of its keys; a store by index has none. */
  readonly key: KeyTypes | undefined;
}

/** A slot store as a thread sees it. Addresses count words, cells 32-bit cells. */
export interface Slots extends SlotsShape {
  readonly memory: Memory;
  readonly keyWords: number;
  /** First cell of the region. */
  readonly cell: number;
  /** First of the cells of blocks. */
  readonly blocks: number;
  /** First cell of the index, and its number of cells less one. */
  readonly index: number;
  readonly indexMask: number;
  /** Word address of the first slot, and words from one to the next. */
  readonly first: number;
  readonly slotWords: number;
}

const words = (cells: number): number => Math.ceil(cells / LINE_CELLS) * LINE_WORDS;

function indexCells({ capacity, key }: Pick<SlotsShape, 'capacity' | 'key'>): number {
  return key === undefined ? 0 : 2 ** Math.ceil(Math.log2(2 * capacity));
}

function slotWordsOf({ recordWords, key }: Pick<SlotsShape, 'recordWords' | 'key'>): number {
  return 1 + (key?.types.length ?? 0) + 2 * recordWords;
}

/** The words that a slot store takes. */
export function slotsWords(shape: Omit<SlotsShape, 'name' | 'address'>): number {
  const { capacity } = shape;
  const lists = words(Math.ceil(capacity / BLOCK_SLOTS)) + words(indexCells(shape));
  return HEADER_WORDS + lists + capacity * slotWordsOf(shape);
}

/**
 * Creates a slot store.
 *
 * @throws {RangeError} SLOTS_CAPACITY for a capacity out of range, OUT_OF_MEMORY when it doesn't fit.
 */
export function createSlots(arena: Arena, shape: Omit<SlotsShape, 'address'>): Slots {
  const { name, capacity } = shape;
  if (!(Number.isInteger(capacity) && capacity >= 1 && capacity <= MAX_SLOTS)) {
    throw fail('SLOTS_CAPACITY', { store: name, capacity, limit: MAX_SLOTS });
  }
  const use = { kind: RegionKind.SLOTS };
  const address = arena.allocate(slotsWords(shape), `slot store ${name}`, use);
  return openSlots(arena.memory, { ...shape, address });
}

/** Opens a slot store that this or another thread created in the memory. */
export function openSlots(memory: Memory, shape: SlotsShape): Slots {
  const { address, capacity, key } = shape;
  const blocks = address + HEADER_WORDS;
  const index = blocks + words(Math.ceil(capacity / BLOCK_SLOTS));
  return {
    ...shape,
    memory,
    keyWords: key?.types.length ?? 0,
    cell: 2 * address,
    blocks: 2 * blocks,
    index: 2 * index,
    indexMask: indexCells(shape) - 1,
    first: index + words(indexCells(shape)),
    slotWords: slotWordsOf(shape),
  };
}

/** The cell of a slot's version. */
export function versionCell({ first, slotWords }: Slots, slot: number): number {
  return 2 * (first + slot * slotWords);
}

/** The word address of a slot's key. */
export function slotKey({ first, slotWords }: Slots, slot: number): number {
  return first + slot * slotWords + 1;
}

/** The word address of the copy that holds the value of a version. */
export function slotCopy(slots: Slots, slot: number, version: number): number {
  return slotKey(slots, slot) + slots.keyWords + (version & 1) * slots.recordWords;
}
