// Source text of a table's index: its directory and buckets, and how they grow and give slots back. The layout is that of
// operator/table-layout.ts.
import {
  BUCKET_DEPTH,
  BUCKET_HEADER,
  BUCKET_KEYS,
  bucketCells,
  FULL_DENOMINATOR,
  FULL_NUMERATOR,
  KEYS_A_CELL,
  LIST_CELLS,
  SIZE_FULL,
  SIZE_LOG,
  SIZE_MASK,
  SIZE_SPLIT,
  SIZES,
  TABLE_DIRECTORY,
  TABLE_MASK,
  type TableLayout,
} from '../../operator/table-layout.js';
import { plus } from './table-key-source.js';

/** Slots whose hashes are computed ahead: entries lie anywhere, and their loads overlap where nothing else waits for them. */
const CHUNK = bucketCells(SIZE_FULL);

/** The cell of a bucket, of what the directory has for it. */
export function bucketOf(cell: string): string {
  return `((${cell} >>> 2) & -${LIST_CELLS})`;
}

/** How many slots a bucket has, of what the directory has for it. */
export function slotsOf(cell: string): string {
  const size = `(${cell} & ${SIZE_MASK})`;
  return `(${size} <= ${SIZE_FULL} ? ${size} * 16 : 1 << (${size} - ${SIZE_LOG})) - ${BUCKET_HEADER}`;
}

/** The slot from where a hash is looked for, in a bucket of what the directory has for it. */
export function homeOf(hash: string, cell: string): string {
  return `Math.imul(${hash} >>> 16, (${cell} & ${SIZE_MASK}) * 16 - ${BUCKET_HEADER}) >>> 16`;
}

/** Whether no key may be added to so many. */
export function isFull(keys: string, slots: string): string {
  return `${FULL_DENOMINATOR} * (${keys} + 1) > ${FULL_NUMERATOR} * ${slots}`;
}

/** The size that a split chooses for so many keys. */
function splitSize(keys: string): string {
  const room = Math.floor((FULL_NUMERATOR * (bucketCells(SIZE_SPLIT) - BUCKET_HEADER)) / FULL_DENOMINATOR);
  return `${keys} < ${room} ? ${SIZE_SPLIT} : ${SIZE_FULL}`;
}

/** The size that follows on another. */
function longerSize(size: string): string {
  const steps = SIZES.slice(1).map((next) => `${size} < ${next} ? ${next} : `);
  return `${steps.join('')}${size} + 1`;
}

/**
 * - `bucket<n>(size, depth)`: a new one, as its cell in the directory;
 * - `place<n>(cell, found, h)`: puts a slot into a bucket that has room for it;
 * - `grow<n>(h)`: makes the bucket of a hash longer, or splits it.
 *
 * @param entry The word address of the entry of an id.
 * @param what What memory is taken for, for messages, and for which table: arguments of the arena.
 */
export function indexSource(
  n: string,
  { idMask }: TableLayout,
  entry: (id: string) => string,
  what: string,
): string {
  const hashOfSlot = `hashOf${n}(${entry(`((found & ${idMask}) - 1)`)})`;
  return `
const hashes${n} = new Int32Array(${CHUNK});
function bucket${n}(size, depth) {
  const cells = size <= ${SIZE_FULL} ? size * 16 : 1 << (size - ${SIZE_LOG});
  const at = env.arena.allocate(cells / 2, ${what});
  I32[2 * at + ${BUCKET_DEPTH}] = depth;
  return (8 * at) | size;
}
function hashAll${n}(base, from, to) {
  for (let slot = from; slot < to; slot++) {
    const found = I32[base + slot];
    hashes${n}[slot - from] = found === 0 ? 0 : ${hashOfSlot};
  }
}
function place${n}(cell, found, h) {
  const slots = ${slotsOf('cell')}, at = ${bucketOf('cell')};
  const base = at + ${BUCKET_HEADER};
  let slot = ${homeOf('h', 'cell')};
  while (I32[base + slot] !== 0) if (++slot === slots) slot = 0;
  I32[base + slot] = found;
  I32[${plus('at', BUCKET_KEYS)}]++;
}
function lead${n}(h, depth, zero, one) {
  const step = 1 << depth;
  for (let i = h & (step - 1); i <= mask${n}; i += step) I32[directory${n} + i] = (i & step) === 0 ? zero : one;
}
function grow${n}(h) {
  const cell = I32[directory${n} + (h & mask${n})], size = cell & ${SIZE_MASK}, at = ${bucketOf('cell')};
  const depth = I32[at + ${BUCKET_DEPTH}];
  if (size === ${SIZE_FULL}) {
    if (1 << depth <= mask${n}) return split${n}(cell, h);
    if (${2 * KEYS_A_CELL} * (mask${n} + 1) <= count${n}) {
      widen${n}();
      return split${n}(cell, h);
    }
  }
  const slots = ${slotsOf('cell')}, base = at + ${BUCKET_HEADER};
  const longer = bucket${n}(${longerSize('size')}, depth);
  for (let from = 0; from < slots; from += ${CHUNK}) {
    const to = Math.min(slots, from + ${CHUNK});
    hashAll${n}(base, from, to);
    for (let slot = from; slot < to; slot++) {
      const found = I32[base + slot];
      if (found !== 0) place${n}(longer, found, hashes${n}[slot - from]);
    }
  }
  lead${n}(h, depth, longer, longer);
  env.arena.free(at / 2);
}
function widen${n}() {
  const cells = mask${n} + 1;
  const wider = 2 * env.arena.allocate(Math.max(${LIST_CELLS / 2}, cells), ${what});
  I32.copyWithin(wider, directory${n}, directory${n} + cells);
  I32.copyWithin(wider + cells, directory${n}, directory${n} + cells);
  env.arena.free(directory${n} / 2);
  directory${n} = wider;
  mask${n} = 2 * cells - 1;
  I32[head${n} + ${TABLE_DIRECTORY}] = 4 * wider;
  I32[head${n} + ${TABLE_MASK}] = mask${n};
}
function split${n}(cell, h) {
  const at = ${bucketOf('cell')}, slots = ${slotsOf('cell')};
  const base = at + ${BUCKET_HEADER}, depth = I32[at + ${BUCKET_DEPTH}], bit = 1 << depth;
  hashAll${n}(base, 0, slots);
  let ones = 0;
  for (let slot = 0; slot < slots; slot++) ones += (hashes${n}[slot] >>> depth) & 1;
  const zeros = I32[${plus('at', BUCKET_KEYS)}] - ones;
  const zero = bucket${n}(${splitSize('zeros')}, depth + 1);
  let one = 0;
  try {
    one = bucket${n}(${splitSize('ones')}, depth + 1);
  } finally {
    if (one === 0) env.arena.free(${bucketOf('zero')} / 2);
  }
  for (let slot = 0; slot < slots; slot++) {
    const found = I32[base + slot], h = hashes${n}[slot];
    if (found !== 0) place${n}((h & bit) === 0 ? zero : one, found, h);
  }
  lead${n}(h, depth, zero, one);
  env.arena.free(at / 2);
}`;
}

/**
 * `vacate<n>(e, h)`: takes the slot of the entry at `e` out of the index, moves back what follows it, and gives its id.
 *
 * @param entry The word address of the entry of an id.
 */
export function vacateSource(
  n: string,
  { idMask, tagShift }: TableLayout,
  entry: (id: string) => string,
): string {
  const reach = 2 ** (16 - tagShift);
  return `
function vacate${n}(e, h) {
  const cell = I32[directory${n} + (h & mask${n})], slots = ${slotsOf('cell')}, at = ${bucketOf('cell')};
  const base = at + ${BUCKET_HEADER};
  let hole = ${homeOf('h', 'cell')}, id = 0;
  for (; ; hole = hole + 1 === slots ? 0 : hole + 1) {
    const found = I32[base + hole];
    id = (found & ${idMask}) - 1;
    if (((found ^ (h << ${tagShift})) & ${~idMask}) === 0 && ${entry('id')} === e) break;
  }
  // From here on slots that have not come round the end are in one run with the hole.
  let first = hole;
  while (first > 0 && I32[base + first - 1] !== 0) first--;
  if ((first === 0 && I32[base + slots - 1] !== 0) || (cell & ${SIZE_MASK}) > ${SIZE_FULL}) first = slots;
  // High halves of hashes from which on slots come from behind the hole, and such of them as may have another before it.
  let behind = ${highHalf('(hole + 1)')};
  const both = ${highHalf('first')} + ${reach};
  let slot = hole;
  for (;;) {
    if (++slot === slots) slot = 0;
    const found = I32[base + slot];
    if (found === 0) break;
    if (slot >= first) {
      // The next one that the tag may be of; or else the one before.
      const high = behind + ((((found & ${~idMask}) >>> ${tagShift + 16}) - behind) & ${reach - 1});
      if ((high * slots) >>> 16 > slot) {
        I32[base + hole] = found;
        hole = slot;
        behind = ${highHalf('(hole + 1)')};
        continue;
      }
      if (high < both) continue;
    }
    const hash = hashOf${n}(${entry(`((found & ${idMask}) - 1)`)});
    const home = ${homeOf('hash', 'cell')};
    // It stays where its search, from its home on, would not pass the hole.
    if (hole < slot ? hole < home && home <= slot : hole < home || home <= slot) continue;
    I32[base + hole] = found;
    hole = slot;
    behind = ${highHalf('(hole + 1)')};
  }
  I32[base + hole] = 0;
  I32[${plus('at', BUCKET_KEYS)}]--;
  return id;
}`;
}

/** The least high half of a hash whose home is a slot, counted from 0, or behind it. */
function highHalf(slot: string): string {
  return `((${slot} * 65536 + slots - 1) / slots | 0)`;
}
