// The layout of a keyed table in memory, for every backend and for whoever looks at it from outside.
//
// Entries lie densely in segments and never move, so that a view of one stays good. What finds them is an extendible hash
// index: a directory that the low bits of a key's hash choose from, and buckets of slots, each searched by linear
// probing. A bucket that is full is split in two, so growing never takes longer than it takes to move a thousand slots.
//
// All addresses in it count bytes.
//
//   header        one line of 32-bit cells, allocated once; its address is the table's
//     cell 0      COUNT          keys stored
//     cell 1      IDS            entries used so far; those that are free again among them
//     cell 2      FREE           1 + the id of the first free entry, 0 if there is none
//     cell 3      DIRECTORY      address of the directory
//     cell 4      MASK           2^depth - 1: cells of the directory, less one
//     cell 5      SEGMENT_LIST   address of the list of segments
//     cell 6      SEGMENTS       segments allocated
//     cell 7      SEGMENT_ROOM   segments that the list has room for
//
//   segment list  a cell a segment, in order: its address
//   segment       2^segmentShift entries in a row, then a bit for each: whether it is free again (bit i of cells of 32)
//     entry       one word for each part of the key, then the words of the state, which are 0 when a key is new
//     free entry  its first cell holds 1 + the id of the next free one, or 0
//
//   directory     2^depth cells; that of a key is the low `depth` bits of its hash
//     cell        address of a bucket, a multiple of 128, + the code of its size
//                    ┌─────────────── address / 128 ───────────────┬── size ──┐
//                    31                                            7          0
//
//   bucket        as many 32-bit cells as its size code says
//     cell 0      KEYS    slots taken; at most 7/8 are, or 3/4 of wide ones
//     cell 1      DEPTH   how many low bits of the hash are the same in all its keys; 2^(depth - DEPTH) cells of the
//                         directory lead to it
//     cell 2 …    slots, of one cell or two
//       narrow    0 if free; else 1 + the entry's id in the low bits, bits of the hash in the spare high ones (its tag): those
//                 that h << tagShift has there, for a key's hash h
//       wide      0 if free, else 1 + the entry's id; then the hash
//
// Wide slots are those of tables whose entries are so long that they keep to 1.5 times the bytes of keys and states with them.
// Who moves a slot needs its hash, and a narrow one has it only by way of the key, in an entry that lies anywhere in memory.
//
// Ids count from 0; a new key takes the entry that was freed last, or else the next id. So ids are in the order in which
// keys came as long as none is deleted.
//
// A slot's place. The high half of the hash, times 16 * size code - 2 (half of that for wide slots), divided by 2^16: that is the
// number of slots (but for very long buckets), which need not be a power of two. From there on the first free slot is taken, the first slot following the
// last. Deletion moves back what would no longer be found, so there are no tombstones. To find out what that is it takes the
// places that slots would be at best. A narrow slot's tag has the low bits of the high half of its hash, and with them its best place
// up to multiples of 1/2^tagShift of the bucket. Where the run of taken slots begins closer than that, no entry is read.
//
// Sizes. A bucket starts with 16 cells and doubles to 256, then grows to 448, 736 and 1024. A full one of 1024 is split by
// the next bit of the hash into two that are as long as their keys need, 736 in all likelihood, or 1024 again where entries are so
// long that it doesn't matter; the directory doubles when the bucket's DEPTH is already the directory's. So a big table's narrow
// slots are from 0.6 to 0.875 full, and the index takes from 4.7 to 6.9 bytes a key, what the arena adds included; wide ones are
// from 0.52 to 0.75 full, and take 10.8 to 15.9, or from 0.375 on, and take up to 21.8. Should so many hashes be equal that the directory would get longer
// than one cell for 64 keys, then the bucket doubles instead, and is never split afterwards.
//
// Hash. The halves of the key's words, low half first (only the low one for i32, bool and text; NaN as 0x7ff80000_00000000),
// h = seed; for each half x: h = (h ^ x) * 0x85ebca6b, h ^= h >>> 13; at last h ^= h >>> 16, h = h * 0xc2b2ae35, h ^= h >>> 15.
// It spreads what keys are in practice (numbers in a row, strides, fractions, tuples of them); it is no defence against
// somebody who chooses keys in order to make a table slow.
//
// One thread writes a table: the worker that runs its stage. Others may read COUNT, IDS and SEGMENTS for statistics.
//
// Sources: R. Fagin, J. Nievergelt, N. Pippenger, H. R. Strong, Extendible Hashing, ACM TODS 4 (1979); linear probing and
// its deletion: D. E. Knuth, The Art of Computer Programming 3, 6.4, algorithm R; tags as in Google's Swiss tables.

/** How a part of a key is stored, in a word of its own, and compared. */
export type KeyPart =
  /** A number of a field type of up to 32 bits: its low 32 bits. */
  | 'i32'
  /** Any other number; equal as SameValueZero has it. */
  | 'f64'
  /** 0 or 1. */
  | 'bool'
  | 'i64'
  | 'u64'
  /** The number of its entry in the text table. */
  | 'text';

/** Whether a part needs only the lower half of its word. */
export function isHalf(part: KeyPart): boolean {
  return part === 'i32' || part === 'bool' || part === 'text';
}

export const TABLE_HEADER_WORDS = 16;
export const TABLE_COUNT = 0;
export const TABLE_IDS = 1;
export const TABLE_FREE = 2;
export const TABLE_DIRECTORY = 3;
export const TABLE_MASK = 4;
export const TABLE_SEGMENT_LIST = 5;
export const TABLE_SEGMENTS = 6;
export const TABLE_SEGMENT_ROOM = 7;

export const BUCKET_KEYS = 0;
export const BUCKET_DEPTH = 1;
/** Cells of a bucket before its slots. */
export const BUCKET_HEADER = 2;

/** The bits of a directory's cell that hold the bucket's size code: cells / 16 up to 64, then 54 + log2(cells). */
export const SIZE_MASK = 127;
/** The sizes that a bucket grows through, as codes: 16 to 256 cells by doubling, 448, 736 and 1024. */
export const SIZES = [1, 2, 4, 8, 16, 28, 46, 64] as const;
export const SIZE_MIN = SIZES[0];
/** The size of the halves of a split bucket where memory is to be spared. */
const SIZE_SPLIT = 46;
export const SIZE_FULL = 64;
/** A bucket of 2^n cells has this size code + n, where that is more than `SIZE_FULL`. */
export const SIZE_LOG = 54;
/** Of so many slots as many may be taken as the layout's `full` says. */
export const FULL_DENOMINATOR = 8;
/** The directory doubles only while it then has so many keys a cell. */
export const KEYS_A_CELL = 64;
/** Cells of a new directory's and a new segment list's memory. */
export const LIST_CELLS = 32;

export const HASH_SEED = 0x9e3779b9;
export const HASH_ROUND = 0x85ebca6b;
export const HASH_FINISH = 0xc2b2ae35;
/** Tags are shifted by so many bits to the left at least: what is cut off there tells from which part of a bucket a slot comes. */
const MIN_TAG_SHIFT = 4;
/** The halves of NaN for the hash. */
export const NAN_LOW = 0;
export const NAN_HIGH = 0x7ff80000;

/** The greatest `maxKeys`. */
export const MAX_MAX_KEYS = 268_435_456;

/** Cells of a bucket of a size code. */
export function bucketCells(size: number): number {
  return size <= SIZE_FULL ? size * 16 : 2 ** (size - SIZE_LOG);
}

/** What follows from the key, the state and the bound of a table. */
export interface TableLayout {
  /** Words of the key: one for each part. */
  readonly keyWords: number;
  /** Words of an entry: the key, then the state. */
  readonly entryWords: number;
  /** Segments hold 2^segmentShift entries. */
  readonly segmentShift: number;
  /** Words of a segment: the entries and their bits. */
  readonly segmentWords: number;
  /** Words of a segment before the bits. */
  readonly bitsAt: number;
  /** Cells of a slot: 1 if it is narrow, 2 if it is wide. */
  readonly slotCells: 1 | 2;
  /** Of eight slots of a bucket so many are taken at most. */
  readonly full: number;
  /** The size that both halves of a split bucket have, unless one of them is too full for it. */
  readonly split: number;
  /** The bits of a narrow slot that hold 1 + the id; the others hold those of the hash. */
  readonly idMask: number;
  /** A narrow slot holds those bits of the hash that are above the id's when it is shifted by so many to the left: none of its low half. */
  readonly tagShift: number;
}

/** How long the entries of a segment are at most: long enough to be few, short enough for tables with few keys. */
const SEGMENT_WORDS = 2048;

/** Entries of so many words and more have wide slots: half of their bytes are more than an index of those takes a key. */
const WIDE_FROM_WORDS = 5;
/** Entries of so many words and more have room for buckets that are as long as can be from the start. */
const SPARSE_FROM_WORDS = 6;

/** The slots of a bucket of a size code, of cells as the layout has them. */
export function bucketSlots(size: number, { slotCells }: Pick<TableLayout, 'slotCells'>): number {
  return (bucketCells(size) - BUCKET_HEADER) / slotCells;
}

/** How many keys a bucket of a size code has at most. */
export function bucketKeys(size: number, layout: Pick<TableLayout, 'slotCells' | 'full'>): number {
  return Math.floor((layout.full * bucketSlots(size, layout)) / FULL_DENOMINATOR);
}

export function tableLayout(keyWords: number, stateWords: number, maxKeys: number): TableLayout {
  const entryWords = keyWords + stateWords;
  let segmentShift = 0;
  while (entryWords * 2 ** (segmentShift + 1) <= SEGMENT_WORDS) segmentShift++;
  // No longer than the table may ever get.
  while (segmentShift > 0 && 2 ** (segmentShift - 1) >= maxKeys) segmentShift--;
  const idBits = Math.ceil(Math.log2(maxKeys + 1));
  const bitsAt = entryWords * 2 ** segmentShift;
  const wide = entryWords >= WIDE_FROM_WORDS;
  return {
    keyWords,
    entryWords,
    segmentShift,
    segmentWords: bitsAt + Math.ceil(2 ** segmentShift / 64),
    bitsAt,
    slotCells: wide ? 2 : 1,
    full: wide ? 6 : 7,
    split: entryWords >= SPARSE_FROM_WORDS ? SIZE_FULL : SIZE_SPLIT,
    idMask: 2 ** idBits - 1,
    tagShift: Math.max(MIN_TAG_SHIFT, idBits - 16),
  };
}
