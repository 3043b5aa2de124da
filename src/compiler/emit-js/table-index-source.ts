// Source text of a table's index: its directory and buckets, and how they grow and give slots back. The layout is that of
// operator/table-layout.ts.
import {
  BUCKET_DEPTH,
  BUCKET_HEADER,
  BUCKET_KEYS,
  bucketCells,
  bucketKeys,
  FULL_DENOMINATOR,
  KEYS_A_CELL,
  LIST_CELLS,
  SIZE_FULL,
  SIZE_LOG,
  SIZE_MASK,
  SIZES,
  TABLE_DIRECTORY,
  TABLE_MASK,
  type TableLayout,
} from '../../operator/table-layout.js';
import { plus } from './table-key-source.js';

/** Narrow slots whose hashes are computed ahead: entries lie anywhere, and their loads overlap where nothing else waits for them. */
const CHUNK = bucketCells(SIZE_FULL);

/** The cell of a bucket, of what the directory has for it. */
export function bucketOf(cell: string): string {
  return `((${cell} >>> 2) & -${LIST_CELLS})`;
}

/** How many cells the slots of a bucket take, of what the directory has for it. */
export function slotCellsOf(cell: string): string {
  const size = `(${cell} & ${SIZE_MASK})`;
  return `(${size} <= ${SIZE_FULL} ? ${size} * 16 : 1 << (${size} - ${SIZE_LOG})) - ${BUCKET_HEADER}`;
}

/** The first cell of the slot from where a hash is looked for, in a bucket of what the directory has for it. */
export function homeOf(hash: string, cell: string, { slotCells }: TableLayout): string {
  const cells = `(${cell} & ${SIZE_MASK}) * 16 - ${BUCKET_HEADER}`;
  if (slotCells === 1) return `Math.imul(${hash} >>> 16, ${cells}) >>> 16`;
  return `(Math.imul(${hash} >>> 16, (${cells}) / 2) >>> 16) * 2`;
}

/** Whether the slot at a cell, of which the first one is known and is not 0, may be that of a hash. */
export function mayBeOf(at: string, found: string, h: string, layout: TableLayout): string {
  const { slotCells, idMask, tagShift } = layout;
  if (slotCells === 2) return `I32[${at} + 1] === ${h}`;
  return `((${found} ^ (${h} << ${tagShift})) & ${~idMask}) === 0`;
}

/** The id of a slot, of its first cell. */
export function idOf(found: string, { slotCells, idMask }: TableLayout): string {
  return slotCells === 2 ? `(${found} - 1)` : `((${found} & ${idMask}) - 1)`;
}

/** The first cell of the slot of an id, for a hash. */
export function foundOf(id: string, h: string, { slotCells, idMask, tagShift }: TableLayout): string {
  return slotCells === 2 ? `${id} + 1` : `((${h} << ${tagShift}) & ${~idMask}) | (${id} + 1)`;
}

/** Statements that write the slot at a cell, of its first one. */
export function setSlot(at: string, found: string, h: string, { slotCells }: TableLayout): string {
  return `I32[${at}] = ${found};${slotCells === 2 ? ` I32[${at} + 1] = ${h};` : ''}`;
}

/** Whether no key may be added to so many, of how many cells the slots take. */
export function isFull(keys: string, cells: string, { slotCells, full }: TableLayout): string {
  return `${FULL_DENOMINATOR * slotCells} * (${keys} + 1) > ${full} * ${cells}`;
}

/** The size that a split chooses for so many keys. */
function splitSize(keys: string, layout: TableLayout): string {
  return `${keys} < ${bucketKeys(layout.split, layout)} ? ${layout.split} : ${SIZE_FULL}`;
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
  layout: TableLayout,
  entry: (id: string) => string,
  what: string,
): string {
  const { slotCells } = layout;
  const isWide = slotCells === 2;
  const hashAll = (from: string, to: string): string => (isWide ? '' : `hashAll${n}(base, ${from}, ${to});`);
  /** For each slot that is taken, from a cell to another, with its hash. */
  const forHashed = (from: string, to: string, body: string): string => `
    for (let slot = ${from}; slot < ${to}; slot += ${slotCells}) {
      const found = I32[base + slot], h = ${isWide ? 'I32[base + slot + 1]' : `hashes${n}[slot - ${from}]`};
      if (found !== 0) ${body}
    }`;
  return `
${isWide ? '' : hashesSource(n, layout, entry)}
function bucket${n}(size, depth) {
  const cells = size <= ${SIZE_FULL} ? size * 16 : 1 << (size - ${SIZE_LOG});
  const at = env.arena.allocate(cells / 2, ${what});
  I32[2 * at + ${BUCKET_DEPTH}] = depth;
  return (8 * at) | size;
}
function place${n}(cell, found, h) {
  const cells = ${slotCellsOf('cell')}, at = ${bucketOf('cell')};
  const base = at + ${BUCKET_HEADER};
  let slot = ${homeOf('h', 'cell', layout)};
  while (I32[base + slot] !== 0) if ((slot += ${slotCells}) === cells) slot = 0;
  ${setSlot('base + slot', 'found', 'h', layout)}
  I32[${plus('at', BUCKET_KEYS)}]++;
}
function lead${n}(h, depth, zero, one) {
  const step = 1 << depth;
  for (let i = h & (step - 1); i <= mask${n}; i += step) I32[directory${n} + i] = (i & step) === 0 ? zero : one;
}
function grow${n}(of) {
  const cell = I32[directory${n} + (of & mask${n})], size = cell & ${SIZE_MASK}, at = ${bucketOf('cell')};
  const depth = I32[at + ${BUCKET_DEPTH}];
  if (size === ${SIZE_FULL}) {
    if (1 << depth <= mask${n}) return split${n}(cell, of);
    if (${2 * KEYS_A_CELL} * (mask${n} + 1) <= count${n}) {
      widen${n}();
      return split${n}(cell, of);
    }
  }
  const cells = ${slotCellsOf('cell')}, base = at + ${BUCKET_HEADER};
  const longer = bucket${n}(${longerSize('size')}, depth);
  for (let from = 0; from < cells; from += ${CHUNK}) {
    const to = Math.min(cells, from + ${CHUNK});
    ${hashAll('from', 'to')}
    ${forHashed('from', 'to', `place${n}(longer, found, h);`)}
  }
  lead${n}(of, depth, longer, longer);
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
function split${n}(cell, of) {
  const at = ${bucketOf('cell')}, cells = ${slotCellsOf('cell')};
  const base = at + ${BUCKET_HEADER}, depth = I32[at + ${BUCKET_DEPTH}], bit = 1 << depth;
  ${hashAll('0', 'cells')}
  let ones = 0;
  ${forHashed('0', 'cells', 'ones += (h >>> depth) & 1;')}
  const zeros = I32[${plus('at', BUCKET_KEYS)}] - ones;
  const zero = bucket${n}(${splitSize('zeros', layout)}, depth + 1);
  let one = 0;
  try {
    one = bucket${n}(${splitSize('ones', layout)}, depth + 1);
  } finally {
    if (one === 0) env.arena.free(${bucketOf('zero')} / 2);
  }
  ${forHashed('0', 'cells', `place${n}((h & bit) === 0 ? zero : one, found, h);`)}
  lead${n}(of, depth, zero, one);
  env.arena.free(at / 2);
}`;
}

/** Source of the hashes of narrow slots, which are computed of their entries' keys. */
function hashesSource(n: string, layout: TableLayout, entry: (id: string) => string): string {
  return `
const hashes${n} = new Int32Array(${CHUNK});
function hashAll${n}(base, from, to) {
  for (let slot = from; slot < to; slot++) {
    const found = I32[base + slot];
    hashes${n}[slot - from] = found === 0 ? 0 : hashOf${n}(${entry(idOf('found', layout))});
  }
}`;
}

/**
 * `vacate<n>(e, h)`: takes the slot of the entry at `e` out of the index, moves back what follows it, and gives its id.
 *
 * @param entry The word address of the entry of an id.
 */
export function vacateSource(n: string, layout: TableLayout, entry: (id: string) => string): string {
  const { slotCells } = layout;
  return `
function vacate${n}(e, h) {
  const cell = I32[directory${n} + (h & mask${n})], cells = ${slotCellsOf('cell')}, at = ${bucketOf('cell')};
  const base = at + ${BUCKET_HEADER};
  let hole = ${homeOf('h', 'cell', layout)}, id = 0;
  for (; ; hole = hole + ${slotCells} === cells ? 0 : hole + ${slotCells}) {
    const found = I32[base + hole];
    id = ${idOf('found', layout)};
    if (${mayBeOf('base + hole', 'found', 'h', layout)} && ${entry('id')} === e) break;
  }
  ${slotCells === 2 ? closeWide(layout) : closeNarrow(n, layout, entry)}
  I32[base + hole] = 0;
  I32[${plus('at', BUCKET_KEYS)}]--;
  return id;
}`;
}

/** Whether the slot at `slot` is still found where the one at `hole`, before it, is free: its search does not pass that. */
const STAYS = 'hole < slot ? hole < home && home <= slot : hole < home || home <= slot';

/** Moves back what follows a hole, until nothing is to be moved: the hole is then where the last one was. */
function closeWide(layout: TableLayout): string {
  return `
  let slot = hole;
  for (;;) {
    if ((slot += 2) === cells) slot = 0;
    const found = I32[base + slot], hash = I32[base + slot + 1];
    if (found === 0) break;
    const home = ${homeOf('hash', 'cell', layout)};
    if (${STAYS}) continue;
    ${setSlot('base + hole', 'found', 'hash', layout)}
    hole = slot;
  }`;
}

/** The same for narrow slots, whose tags mostly tell whether they stay: entries are read only where they do not. */
function closeNarrow(n: string, layout: TableLayout, entry: (id: string) => string): string {
  const { idMask, tagShift } = layout;
  const reach = 2 ** (16 - tagShift);
  return `
  // From here on slots that have not come round the end are in one run with the hole.
  let first = hole;
  while (first > 0 && I32[base + first - 1] !== 0) first--;
  if ((first === 0 && I32[base + cells - 1] !== 0) || (cell & ${SIZE_MASK}) > ${SIZE_FULL}) first = cells;
  // High halves of hashes from which on slots come from behind the hole, and such of them as may have another before it.
  let behind = ${highHalf('(hole + 1)')};
  const both = ${highHalf('first')} + ${reach};
  let slot = hole;
  for (;;) {
    if (++slot === cells) slot = 0;
    const found = I32[base + slot];
    if (found === 0) break;
    if (slot >= first) {
      // The next one that the tag may be of; or else the one before.
      const high = behind + ((((found & ${~idMask}) >>> ${tagShift + 16}) - behind) & ${reach - 1});
      if ((high * cells) >>> 16 > slot) {
        I32[base + hole] = found;
        hole = slot;
        behind = ${highHalf('(hole + 1)')};
        continue;
      }
      if (high < both) continue;
    }
    const hash = hashOf${n}(${entry(idOf('found', layout))});
    const home = ${homeOf('hash', 'cell', layout)};
    if (${STAYS}) continue;
    I32[base + hole] = found;
    hole = slot;
    behind = ${highHalf('(hole + 1)')};
  }`;
}

/** The least high half of a hash whose home is a slot, counted from 0, or behind it. */
function highHalf(slot: string): string {
  return `((${slot} * 65536 + cells - 1) / cells | 0)`;
}
