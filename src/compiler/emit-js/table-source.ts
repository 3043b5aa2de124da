// Source text of a keyed table, made for the parts of its key. The layout is that of operator/table-layout.ts.
import {
  BUCKET_HEADER,
  BUCKET_KEYS,
  LIST_CELLS,
  TABLE_COUNT,
  TABLE_DIRECTORY,
  TABLE_FREE,
  TABLE_IDS,
  TABLE_SEGMENT_LIST,
  TABLE_SEGMENT_ROOM,
  TABLE_SEGMENTS,
  tableLayout,
} from '../../operator/table-layout.js';
import type { TableSpec } from '../program.js';
import {
  bucketOf,
  foundOf,
  homeOf,
  idOf,
  indexSource,
  isFull,
  mayBeOf,
  setSlot,
  slotCellsOf,
  vacateSource,
} from './table-index-source.js';
import { copyParts, equalParts, hashSource, loadParts, plus } from './table-key-source.js';

export interface TableInput extends Pick<TableSpec, 'id' | 'keys' | 'value' | 'maxKeys' | 'purpose'> {
  /** What its names end in. */
  readonly n: string;
  /** Whose keys they are, for messages. */
  readonly owner: string;
  /** Whether keys are deleted, or visited one after the other. */
  readonly deletes: boolean;
}

/**
 * The code of a table. A key is stored in the scratch words from `key<n>` on, then
 * - `find<n>()` sets `at<n>` to the word address of the key's state, or 0 if the key is new;
 * - `insert<n>()`, after a `find<n>()` that found nothing or an `erase<n>()` of that key, adds the key and sets `at<n>` to its
 *   state, of which all words are to be stored.
 * Where keys are deleted:
 * - `erase<n>(e)` deletes the key of the entry at the word address `e`, and sets `at<n>` to 0;
 * - `taken<n>(id)` is the word address of an entry (its key, then its state) for ids below `ids<n>`, or 0 if it is free.
 */
export function tableSource(input: TableInput): string {
  const { n, id, keys: parts, value, maxKeys, owner, purpose, deletes } = input;
  const layout = tableLayout(parts.length, value?.layout.words ?? 0, maxKeys);
  const { keyWords, entryWords, segmentShift, segmentWords, slotCells } = layout;
  const what = `${JSON.stringify(purpose)}, ${id}`;
  const entry = (id: string) =>
    `(I32[list${n} + (${id} >> ${segmentShift})] >>> 3) + (${id} & ${2 ** segmentShift - 1}) * ${entryWords}`;
  const equal = equalParts(parts);
  const takeFree = `
  if (free${n} !== 0) takeFree${n}(id, e);
  else`;
  return `
const head${n} = 2 * env.createTable(${what});
let directory${n} = I32[head${n} + ${TABLE_DIRECTORY}] >>> 2, mask${n} = 0;
let list${n} = I32[head${n} + ${TABLE_SEGMENT_LIST}] >>> 2, room${n} = ${LIST_CELLS}, segments${n} = 0;
let count${n} = 0, ids${n} = 0, free${n} = 0;
let at${n} = 0, last${n} = 0, slot${n} = -1, hash${n} = 0;
${hashSource(parts, n)}
function find${n}() {
${loadParts(parts, `key${n}`)}
  const e = last${n};
  if (e !== 0 && ${equal}) at${n} = e + ${keyWords};
  else search${n}();
}
function search${n}() {
${loadParts(parts, `key${n}`)}
  const h = hashOf${n}(key${n}), cell = I32[directory${n} + (h & mask${n})], cells = ${slotCellsOf('cell')};
  const base = ${bucketOf('cell')} + ${BUCKET_HEADER};
  let slot = ${homeOf('h', 'cell', layout)};
  for (let found = I32[base + slot]; found !== 0; found = I32[base + slot]) {
    if (${mayBeOf('base + slot', 'found', 'h', layout)}) {
      const id = ${idOf('found', layout)};
      const e = ${entry('id')};
      if (${equal}) { last${n} = e; at${n} = e + ${keyWords}; return; }
    }
    if ((slot += ${slotCells}) === cells) slot = 0;
  }
  at${n} = 0;
  slot${n} = slot;
  hash${n} = h;
}
function insert${n}() {
  if (count${n} === ${maxKeys}) throw fail('TABLE_FULL', { operator: ${JSON.stringify(owner)}, maxKeys: ${maxKeys} });
  // What may find no memory comes first, and leaves the table as good as it was.
  const id = ${deletes ? `free${n} !== 0 ? free${n} - 1 : ids${n}` : `ids${n}`};
  if (id >> ${segmentShift} === segments${n}) addSegment${n}();
  const h = hash${n}, found = ${foundOf('id', 'h', layout)};
  let cell = I32[directory${n} + (h & mask${n})], at = ${bucketOf('cell')};
  if (${isFull(`I32[${plus('at', BUCKET_KEYS)}]`, `(${slotCellsOf('cell')})`, layout)}) {
    do {
      grow${n}(h);
      cell = I32[directory${n} + (h & mask${n})];
      at = ${bucketOf('cell')};
    } while (${isFull(`I32[${plus('at', BUCKET_KEYS)}]`, `(${slotCellsOf('cell')})`, layout)});
    place${n}(cell, found, h);
  } else if (slot${n} < 0) place${n}(cell, found, h);
  else {
    ${setSlot(`at + ${BUCKET_HEADER} + slot${n}`, 'found', 'h', layout)}
    I32[${plus('at', BUCKET_KEYS)}]++;
  }
  const e = ${entry('id')};${deletes ? takeFree : ''} I32[head${n} + ${TABLE_IDS}] = ids${n} = id + 1;
${copyParts(parts, `key${n}`)}
  I32[head${n} + ${TABLE_COUNT}] = ++count${n};
  last${n} = e;
  at${n} = e + ${keyWords};
}
function addSegment${n}() {
  if (segments${n} === room${n}) {
    const longer = 2 * env.arena.allocate(room${n}, ${what});
    I32.copyWithin(longer, list${n}, list${n} + room${n});
    env.arena.free(list${n} / 2);
    list${n} = longer;
    room${n} *= 2;
    I32[head${n} + ${TABLE_SEGMENT_LIST}] = 4 * list${n};
    I32[head${n} + ${TABLE_SEGMENT_ROOM}] = room${n};
  }
  I32[list${n} + segments${n}] = 8 * env.arena.allocate(${segmentWords}, ${what});
  I32[head${n} + ${TABLE_SEGMENTS}] = ++segments${n};
}
${indexSource(n, layout, entry, what)}
${deletes ? `${vacateSource(n, layout, entry)}${freeSource(n, layout, entry)}` : ''}
`;
}

/** What keeps track of the entries that are free again. */
function freeSource(
  n: string,
  layout: ReturnType<typeof tableLayout>,
  entry: (id: string) => string,
): string {
  const { segmentShift, bitsAt } = layout;
  const bits = `(I32[list${n} + (id >> ${segmentShift})] >>> 2) + ${2 * bitsAt} + ((id & ${2 ** segmentShift - 1}) >> 5)`;
  return `
function takeFree${n}(id, e) {
  I32[head${n} + ${TABLE_FREE}] = free${n} = I32[2 * e];
  I32[${bits}] &= ~(1 << (id & 31));
}
function erase${n}(e) {
  const h = hashOf${n}(e), id = vacate${n}(e, h);
  I32[2 * e] = free${n};
  I32[head${n} + ${TABLE_FREE}] = free${n} = id + 1;
  I32[${bits}] |= 1 << (id & 31);
  I32[head${n} + ${TABLE_COUNT}] = --count${n};
  if (last${n} === e) last${n} = 0;
  at${n} = 0;
  slot${n} = -1;
  hash${n} = h;
}
function taken${n}(id) {
  return count${n} !== ids${n} && (I32[${bits}] >>> (id & 31) & 1) === 1 ? 0 : ${entry('id')};
}`;
}
