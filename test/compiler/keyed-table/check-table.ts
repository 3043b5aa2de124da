// Checks a keyed table's memory from outside against everything that its layout promises.
import type { Memory } from '../../../src/memory/index.js';
import {
  BUCKET_DEPTH,
  BUCKET_HEADER,
  BUCKET_KEYS,
  bucketCells,
  isHalf,
  type KeyPart,
  SIZE_FULL,
  SIZE_MASK,
  SIZES,
  TABLE_COUNT,
  TABLE_DIRECTORY,
  TABLE_FREE,
  TABLE_IDS,
  TABLE_MASK,
  TABLE_SEGMENT_LIST,
  TABLE_SEGMENT_ROOM,
  TABLE_SEGMENTS,
  tableLayout,
} from '../../../src/operator/table-layout.js';

export interface CheckedTable {
  readonly count: number;
  /** The word addresses of the entries, by id; those that are free again left out. */
  readonly entries: readonly number[];
  /** The sizes of its buckets, as codes. */
  readonly sizes: readonly number[];
  /** Cells of the directory. */
  readonly cells: number;
  /** Slots that a search for a key looks at, on average and at most. */
  readonly probes: { readonly mean: number; readonly most: number };
}

/** What is the table of: its header's word address, and what it was made for. */
export interface TableShape {
  readonly head: number;
  readonly parts: readonly KeyPart[];
  readonly stateWords: number;
  readonly maxKeys: number;
}

/** The hash of a key in memory, computed anew from the description in table-layout.ts. */
export function hashAt({ i32, f64 }: Memory, k: number, parts: readonly KeyPart[]): number {
  let h = 0x9e3779b9;
  const mix = (x: number): void => {
    h = Math.imul(h ^ x, 0x85ebca6b);
    h ^= h >>> 13;
  };
  parts.forEach((part, i) => {
    const nan = part === 'f64' && Number.isNaN(f64[k + i]);
    mix(nan ? 0 : (i32[2 * (k + i)] as number));
    if (!isHalf(part)) mix(nan ? 0x7ff80000 : (i32[2 * (k + i) + 1] as number));
  });
  h ^= h >>> 16;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 15)) >>> 0;
}

/** Throws for the first thing that is not as it should be. */
export function checkTable(memory: Memory, { head, parts, stateWords, maxKeys }: TableShape): CheckedTable {
  const { i32 } = memory;
  const must = (right: boolean, what: string): void => {
    if (!right) throw new Error(`The table is broken: ${what}`);
  };
  const header = (cell: number): number => i32[2 * head + cell] as number;
  const layout = tableLayout(parts.length, stateWords, maxKeys);
  must((layout.slotCells === 2) === parts.length + stateWords >= 5, `slots of ${layout.slotCells} cells`);
  const [count, ids, mask] = [header(TABLE_COUNT), header(TABLE_IDS), header(TABLE_MASK)];
  const inSegment = 2 ** layout.segmentShift;
  must(count >= 0 && count <= ids && ids <= maxKeys, `count ${count} of ${ids} ids`);
  must(Number.isInteger(Math.log2(mask + 1)), `a directory of ${mask + 1} cells`);
  must(header(TABLE_SEGMENTS) * inSegment >= ids, 'ids without a segment');
  must(header(TABLE_SEGMENTS) <= header(TABLE_SEGMENT_ROOM), 'segments without room in their list');

  const list = header(TABLE_SEGMENT_LIST) >>> 3;
  const segment = (id: number): number => (i32[2 * list + Math.floor(id / inSegment)] as number) >>> 3;
  const entry = (id: number): number => segment(id) + (id % inSegment) * layout.entryWords;
  const isFree = (id: number): boolean => {
    const cell = i32[2 * (segment(id) + layout.bitsAt) + Math.floor((id % inSegment) / 32)] as number;
    return ((cell >>> (id % 32)) & 1) === 1;
  };
  const free = new Set<number>();
  for (let id = header(TABLE_FREE) - 1; id >= 0; id = (i32[2 * entry(id)] as number) - 1) {
    must(id < ids && !free.has(id), `the list of free entries comes to ${id}`);
    must(isFree(id), `${id} is in the list of free entries, and its bit says no`);
    free.add(id);
  }
  must(free.size === ids - count, `${free.size} free entries, ${count} keys, ${ids} ids`);
  const entries: number[] = [];
  for (let id = 0; id < ids; id++) {
    if (!free.has(id)) entries.push(entry(id));
    must(isFree(id) === free.has(id), `the bit of ${id} says that it is free`);
  }

  const directory = header(TABLE_DIRECTORY) >>> 3;
  const buckets = new Map<number, number>();
  const indexed = new Set<number>();
  const sizes: number[] = [];
  let probes = 0;
  let most = 0;
  for (let i = 0; i <= mask; i++) {
    const cell = i32[2 * directory + i] as number;
    const size = cell & SIZE_MASK;
    const at = (cell & ~SIZE_MASK) >>> 2;
    const depth = i32[at + BUCKET_DEPTH] as number;
    const low = 2 ** depth - 1;
    must(low <= mask, `a bucket of depth ${depth} in a directory of ${mask + 1}`);
    if (buckets.has(cell)) {
      must((buckets.get(cell) as number) === (i & low), `cell ${i} leads to the bucket of another hash`);
      continue;
    }
    must(i <= low, `cell ${i} leads to a bucket that cell ${i & low} does not lead to`);
    buckets.set(cell, i);
    must(size > SIZE_FULL || (SIZES as readonly number[]).includes(size), `a bucket of size ${size}`);
    sizes.push(size);
    const isWide = layout.slotCells === 2;
    const slots = (bucketCells(size) - BUCKET_HEADER) / (isWide ? 2 : 1);
    const firstOf = (slot: number): number => at + BUCKET_HEADER + (isWide ? 2 * slot : slot);
    let keys = 0;
    for (let slot = 0; slot < slots; slot++) {
      const found = (i32[firstOf(slot)] as number) >>> 0;
      if (found === 0) continue;
      keys++;
      const id = (isWide ? found : found & layout.idMask) - 1;
      must(id >= 0 && id < ids && !free.has(id), `a slot leads to ${id}, which is no key`);
      must(!indexed.has(id), `two slots lead to ${id}`);
      indexed.add(id);
      const h = hashAt(memory, entry(id), parts);
      must((h & low) === (i & low), `${id} is in the bucket of another hash`);
      const holds = isWide
        ? i32[firstOf(slot) + 1] === (h | 0)
        : ((found ^ (h << layout.tagShift)) & ~layout.idMask) === 0;
      must(holds, `the slot of ${id} holds bits of another hash`);
      const home = Math.floor(((h >>> 16) * (isWide ? 8 * size - 1 : 16 * size - 2)) / 65536);
      let probe = 1;
      for (let s = home; s !== slot; s = (s + 1) % slots) {
        must(i32[firstOf(s)] !== 0, `a search for ${id} ends before it`);
        probe++;
      }
      probes += probe;
      most = Math.max(most, probe);
    }
    must(keys === i32[at + BUCKET_KEYS], `a bucket of ${keys} keys counts ${i32[at + BUCKET_KEYS]}`);
    must(8 * keys <= (isWide ? 6 : 7) * slots, `${keys} keys in ${slots} slots`);
  }
  must(indexed.size === count, `${indexed.size} keys in the index, ${count} in all`);
  return { count, entries, sizes, cells: mask + 1, probes: { mean: probes / (count || 1), most } };
}
