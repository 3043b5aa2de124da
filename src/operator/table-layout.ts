// The layout of a keyed table in memory, for every backend and for whoever looks at it from outside.
//
//   header        one line of 32-bit cells, allocated once; its address is the table's
//     cell 0      COUNT       keys stored
//     cell 1      SLOTS       slots of the index, a power of two
//     cell 2      INDEX       the index's word address
//     cell 3      DIRECTORY   the word address of the directory of segments
//     cell 4      SEGMENTS    segments allocated
//     cell 5      FREE        1 + the id of the first free entry, 0 if there is none (for deletion)
//
//   directory     32-bit cells: the word address of each segment, in order; as long as maxKeys needs
//   segment       2^SEGMENT_SHIFT entries in a row; entries never move, so that a view of one stays good
//     entry       one word for each part of the key, then the words of the state
//   index         32-bit slots, open addressing with linear probing; at most 7/8 are taken
//     slot        0 if free; else the low bits hold 1 + the entry's id, the spare high bits those of the key's hash
//
// Ids count from 0 in the order in which keys came, so that iteration over ids is in that order. A slot's place is the
// low bits of the hash. When the index gets too full, one of twice the size is filled from the entries and replaces it.
// One thread writes a table: the worker that runs its stage. Others may read COUNT, SLOTS and SEGMENTS for statistics.
//
// Linear probing with hash tags: D. E. Knuth, The Art of Computer Programming 3, 6.4; tags as in Google's Swiss tables.

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

export const TABLE_HEADER_WORDS = 16;
export const TABLE_COUNT = 0;
export const TABLE_SLOTS = 1;
export const TABLE_INDEX = 2;
export const TABLE_DIRECTORY = 3;
export const TABLE_SEGMENTS = 4;
export const TABLE_FREE = 5;

/** Slots of a new table's index. */
export const TABLE_MIN_SLOTS = 16;

/** The greatest `maxKeys`. */
export const MAX_MAX_KEYS = 268_435_456;

/** What follows from the key, the state and the bound of a table. */
export interface TableLayout {
  /** Words of the key: one for each part. */
  readonly keyWords: number;
  /** Words of an entry: the key, then the state. */
  readonly entryWords: number;
  /** Segments hold 2^segmentShift entries. */
  readonly segmentShift: number;
  /** Segments that maxKeys needs. */
  readonly maxSegments: number;
  /** The bits of a slot that hold 1 + the id; the others hold those of the hash. */
  readonly idMask: number;
}

/** About how long segments are: long enough to be few, short enough for tables with few keys. */
const SEGMENT_WORDS = 4096;
const MAX_SEGMENT_SHIFT = 14;
/** So that the directory of a big table stays small. */
const MAX_SEGMENTS = 16_384;

export function tableLayout(keyWords: number, stateWords: number, maxKeys: number): TableLayout {
  const entryWords = keyWords + stateWords;
  let segmentShift = 0;
  while (segmentShift < MAX_SEGMENT_SHIFT && entryWords * 2 ** (segmentShift + 1) <= SEGMENT_WORDS)
    segmentShift++;
  while (maxKeys / 2 ** segmentShift > MAX_SEGMENTS) segmentShift++;
  // No longer than the table may ever get.
  while (segmentShift > 0 && 2 ** (segmentShift - 1) >= maxKeys) segmentShift--;
  const idBits = Math.ceil(Math.log2(maxKeys + 1));
  return {
    keyWords,
    entryWords,
    segmentShift,
    maxSegments: Math.ceil(maxKeys / 2 ** segmentShift),
    idMask: 2 ** idBits - 1,
  };
}
