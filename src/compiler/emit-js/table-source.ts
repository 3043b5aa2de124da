// Source text of a keyed table, made for the parts of its key. The layout is that of operator/table-layout.ts.
import {
  type KeyPart,
  TABLE_COUNT,
  TABLE_DIRECTORY,
  TABLE_HEADER_WORDS,
  TABLE_INDEX,
  TABLE_MIN_SLOTS,
  TABLE_SEGMENTS,
  TABLE_SLOTS,
  tableLayout,
} from '../../operator/table-layout.js';

export interface TableInput {
  /** The number in its names. */
  readonly n: number;
  readonly parts: readonly KeyPart[];
  readonly stateWords: number;
  readonly maxKeys: number;
  readonly operator: string;
}

/**
 * The code of table n. The key of a record is stored in the scratch words from `key<n>` on, then
 * - `find<n>()` sets `at<n>` to the word address of the key's state, or 0 if the key is new;
 * - `insert<n>()`, after a `find<n>()` that found nothing, adds the key and sets `at<n>` to its state, all zeros.
 */
export function tableSource({ n, parts, stateWords, maxKeys, operator }: TableInput): string {
  const { keyWords, entryWords, segmentShift, maxSegments, idMask } = tableLayout(
    parts.length,
    stateWords,
    maxKeys,
  );
  const what = JSON.stringify(`the keyed table of ${operator}`);
  const entry = (id: string) =>
    `I32[directory${n} + (${id} >> ${segmentShift})] + (${id} & ${2 ** segmentShift - 1}) * ${entryWords}`;
  const tag = ~idMask;
  const loads = parts.map((part, i) => loadPart(part, i, n)).join('\n');
  const equal = equalParts(parts);
  return `
const head${n} = 2 * env.arena.allocate(${TABLE_HEADER_WORDS}, ${what});
const directory${n} = 2 * env.arena.allocate(${Math.max(1, Math.ceil(maxSegments / 2))}, ${what});
let index${n} = 2 * env.arena.allocate(${TABLE_MIN_SLOTS / 2}, ${what});
let slots${n} = ${TABLE_MIN_SLOTS}, count${n} = 0, segments${n} = 0;
let at${n} = 0, last${n} = 0, slot${n} = 0, hash${n} = 0;
I32[head${n} + ${TABLE_SLOTS}] = slots${n};
I32[head${n} + ${TABLE_INDEX}] = index${n} / 2;
I32[head${n} + ${TABLE_DIRECTORY}] = directory${n} / 2;
function hashOf${n}(k) {
  let h = ${0x9e3779b9 | 0}, x = 0;
${parts.map((part, i) => hashPart(part, i)).join('\n')}
  h ^= h >>> 16;
  h = Math.imul(h, ${0xc2b2ae35 | 0});
  return h ^ (h >>> 15);
}
function find${n}() {
${loads}
  const e = last${n};
  if (e !== 0 && ${equal}) at${n} = e + ${keyWords};
  else search${n}();
}
function search${n}() {
${loads}
  const h = hashOf${n}(key${n}), mask = slots${n} - 1, base = index${n};
  let slot = h & mask;
  for (let found = I32[base + slot]; found !== 0; found = I32[base + slot]) {
    if (((found ^ h) & ${tag}) === 0) {
      const id = (found & ${idMask}) - 1;
      const e = ${entry('id')};
      if (${equal}) { last${n} = e; at${n} = e + ${keyWords}; return; }
    }
    slot = (slot + 1) & mask;
  }
  at${n} = 0;
  slot${n} = slot;
  hash${n} = h;
}
function insert${n}() {
  const id = count${n};
  if (id === ${maxKeys}) throw fail('TABLE_FULL', { operator: ${JSON.stringify(operator)}, maxKeys: ${maxKeys} });
  if (8 * (id + 1) > 7 * slots${n}) grow${n}();
  if (id >> ${segmentShift} === segments${n}) {
    I32[directory${n} + segments${n}] = env.arena.allocate(${entryWords * 2 ** segmentShift}, ${what});
    I32[head${n} + ${TABLE_SEGMENTS}] = ++segments${n};
  }
  const e = ${entry('id')};
${parts.map((part, i) => copyPart(part, i, n)).join('\n')}
  I32[index${n} + slot${n}] = (hash${n} & ${tag}) | (id + 1);
  I32[head${n} + ${TABLE_COUNT}] = count${n} = id + 1;
  last${n} = e;
  at${n} = e + ${keyWords};
}
function grow${n}() {
  const slots = 2 * slots${n}, mask = slots - 1;
  const base = 2 * env.arena.allocate(slots / 2, ${what});
  for (let id = 0; id < count${n}; id++) {
    const h = hashOf${n}(${entry('id')});
    let slot = h & mask;
    while (I32[base + slot] !== 0) slot = (slot + 1) & mask;
    I32[base + slot] = (h & ${tag}) | (id + 1);
  }
  const old = index${n};
  index${n} = base;
  slots${n} = slots;
  I32[head${n} + ${TABLE_INDEX}] = base / 2;
  I32[head${n} + ${TABLE_SLOTS}] = slots;
  env.arena.free(old / 2);
  slot${n} = hash${n} & mask;
  while (I32[base + slot${n}] !== 0) slot${n} = (slot${n} + 1) & mask;
}
function dispose${n}() {
  for (let i = 0; i < segments${n}; i++) env.arena.free(I32[directory${n} + i]);
  env.arena.free(index${n} / 2);
  env.arena.free(directory${n} / 2);
  env.arena.free(head${n} / 2);
}
`;
}

function plus(base: string, i: number): string {
  return i === 0 ? base : `${base} + ${i}`;
}

/** Keys are mixed half a word at a time. */
function hashPart(part: KeyPart, i: number): string {
  const low = `I32[${plus('2 * k', 2 * i)}]`;
  const high = `I32[2 * k + ${2 * i + 1}]`;
  const mix = `  h = Math.imul(h ^ x, ${0x85ebca6b | 0});\n  h ^= h >>> 13;`;
  if (isHalf(part)) return `  x = ${low};\n${mix}`;
  const both = `  x = ${low} ^ Math.imul(${high}, ${0x9e3779b1 | 0});`;
  if (part !== 'f64') return `${both}\n${mix}`;
  // NaN has many forms in memory and is one key.
  return `${both}\n  if (F64[${plus('k', i)}] !== F64[${plus('k', i)}]) x = 2146959360;\n${mix}`;
}

function loadPart(part: KeyPart, i: number, n: number): string {
  if (part === 'f64') return `  const k${i} = F64[${plus(`key${n}`, i)}];`;
  if (isHalf(part)) return `  const k${i} = I32[${plus(`2 * key${n}`, 2 * i)}];`;
  return `  const k${i} = I32[${plus(`2 * key${n}`, 2 * i)}], j${i} = I32[2 * key${n} + ${2 * i + 1}];`;
}

/** Whether the key of the entry at `e` equals the loaded one. */
function equalParts(parts: readonly KeyPart[]): string {
  const equal = parts.map((part, i) => {
    if (part === 'f64') {
      const stored = `F64[${plus('e', i)}]`;
      return `(${stored} === k${i} || (k${i} !== k${i} && ${stored} !== ${stored}))`;
    }
    const low = `I32[${plus('2 * e', 2 * i)}] === k${i}`;
    return isHalf(part) ? low : `${low} && I32[2 * e + ${2 * i + 1}] === j${i}`;
  });
  return equal.join(' && ');
}

function copyPart(part: KeyPart, i: number, n: number): string {
  if (part === 'f64') return `  F64[${plus('e', i)}] = F64[${plus(`key${n}`, i)}];`;
  const copy = (half: number) => `  I32[${plus('2 * e', half)}] = I32[${plus(`2 * key${n}`, half)}];`;
  return isHalf(part) ? copy(2 * i) : `${copy(2 * i)}\n${copy(2 * i + 1)}`;
}

/** Whether a part needs only the lower half of its word. */
function isHalf(part: KeyPart): boolean {
  return part === 'i32' || part === 'bool' || part === 'text';
}
