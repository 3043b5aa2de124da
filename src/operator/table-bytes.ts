// How many bytes a keyed table takes, of how many keys it has.
import { regionBytes } from '../memory/index.js';
import {
  bucketCells,
  bucketKeys,
  KEYS_A_CELL,
  LIST_CELLS,
  SIZE_FULL,
  SIZES,
  TABLE_HEADER_WORDS,
  type TableLayout,
  tableLayout,
} from './table-layout.js';

/** What follows from a table's declaration. */
export interface TableSize {
  readonly keyWords: number;
  readonly stateWords: number;
  readonly maxKeys: number;
}

/** Bytes of index a key in a big table, if all its buckets are as full as can be, and if they have just been split. */
const [LEAST_NARROW, MOST_NARROW] = [4.5, 7];
const [LEAST_WIDE, MOST_WIDE, MOST_SPARSE] = [10.6, 16, 22];
/** What more the split of a few buckets may take. */
const SPLIT_BYTES = 8_192;

/**
 * Bytes of a table with `maxKeys` keys, headers of blocks included: as few as it can get by with, and as many as it takes at
 * most where hashes are spread as they usually are. While a bucket or a list grows, its old form comes on top.
 */
export function tableBytes({ keyWords, stateWords, maxKeys }: TableSize): { least: number; most: number } {
  const layout = tableLayout(keyWords, stateWords, maxKeys);
  const entries = entryBytes(layout, maxKeys);
  return {
    least: Math.floor(entries + (layout.slotCells === 2 ? LEAST_WIDE : LEAST_NARROW) * maxKeys),
    most: Math.ceil(
      entries + regionBytes(TABLE_HEADER_WORDS) + listBytes(layout, maxKeys) + indexBytes(layout, maxKeys),
    ),
  };
}

function segments({ segmentShift }: TableLayout, keys: number): number {
  return Math.ceil(keys / 2 ** segmentShift);
}

function entryBytes(layout: TableLayout, keys: number): number {
  return segments(layout, keys) * regionBytes(layout.segmentWords);
}

function listBytes(layout: TableLayout, keys: number): number {
  let cells = LIST_CELLS;
  while (cells < segments(layout, keys)) cells *= 2;
  return regionBytes(cells / 2);
}

/** The directory and the buckets. */
function indexBytes(layout: TableLayout, keys: number): number {
  let directory = LIST_CELLS;
  while (2 * directory * KEYS_A_CELL <= keys) directory *= 2;
  // A table begins with one bucket, which grows as long as it can.
  const single = SIZES.find((size) => keys <= bucketKeys(size, layout));
  const buckets =
    single === undefined ? mostBytes(layout) * keys + SPLIT_BYTES : regionBytes(bucketCells(single) / 2);
  return regionBytes(directory / 2) + buckets;
}

function mostBytes({ slotCells, split }: TableLayout): number {
  if (slotCells === 1) return MOST_NARROW;
  return split === SIZE_FULL ? MOST_SPARSE : MOST_WIDE;
}
