// Source text that copies, compares and clears whole records.
import { indexIn, plus, unitOf } from './access-source.js';
import type { FieldLayout, Struct } from './fields.js';
import { countLeaves, type Leaf, leavesOf, sizeOf } from './layout.js';
import type { RecordNames } from './record-names.js';

/** Records up to this length are copied and cleared word by word, longer ones in a loop. */
const MAX_UNROLLED_WORDS = 32;
/** Arrays up to this length are compared element by element in the record's own code. */
const MAX_UNROLLED_ELEMENTS = 8;

/**
 * `copy<n>(d, s)`: copies words. Only words that are an f64 go through a number; a NaN may change its bits when it is
 * read as a number, and an integer or two f32 may look like one.
 */
export function copySource(struct: Struct, n: number): string {
  const { words } = struct.layout;
  if (words > MAX_UNROLLED_WORDS) {
    return `
function copy${n}(d, s) {
  for (let i = 0; i < ${2 * words}; i++) U32[2 * d + i] = U32[2 * s + i];
}`;
  }
  const doubles = new Set<number>();
  for (const leaf of leavesOf({ kind: 'struct', struct }))
    if (leaf.type === 'f64') doubles.add(leaf.offset / 8);
  const lines = Array.from({ length: words }, (_, word) =>
    doubles.has(word)
      ? `F64[${plus('d', word)}] = F64[${plus('s', word)}];`
      : `U32[${plus('2 * d', 2 * word)}] = U32[${plus('2 * s', 2 * word)}]; U32[2 * d + ${2 * word + 1}] = U32[2 * s + ${2 * word + 1}];`,
  );
  return `
function copy${n}(d, s) {
  ${lines.join('\n  ')}
}`;
}

/** `zero<n>(p)`: sets all bytes to 0. */
export function zeroSource(struct: Struct, n: number): string {
  const { words } = struct.layout;
  const body =
    words > MAX_UNROLLED_WORDS
      ? `F64.fill(0, p, p + ${words});`
      : Array.from({ length: words }, (_, word) => `F64[${plus('p', word)}] = 0;`).join(' ');
  return `
function zero${n}(p) { ${body} }`;
}

/**
 * `same<n>(a, b)`: compares field by field. Integers, booleans and texts are equal if their bits are, and are compared
 * by halves of words; padding is left out.
 */
export function sameSource(struct: Struct, n: number, names: RecordNames): string {
  const masks = new Map<number, number>();
  const conditions: string[] = [];
  for (const field of struct.layout.fields) {
    if (isUnrolled(field)) {
      for (const leaf of leavesOf(field.type, field.offset)) {
        const condition = compareNumber(leaf);
        if (condition === undefined) addMask(masks, leaf);
        else conditions.push(condition);
      }
    } else conditions.push(compareWhole(field, names));
  }
  const halves = Array.from(masks, ([half, mask]) => {
    const [a, b] = [`U32[${plus('2 * a', half)}]`, `U32[${plus('2 * b', half)}]`];
    return mask === 0xffffffff ? `${a} === ${b}` : `((${a} ^ ${b}) & ${mask | 0}) === 0`;
  });
  return `
function same${n}(a, b) {
  return ${[...halves, ...conditions].join('\n    && ')};
}`;
}

function isUnrolled({ type }: FieldLayout): boolean {
  if (type.kind === 'array')
    return type.element.kind === 'scalar' && countLeaves(type) <= MAX_UNROLLED_ELEMENTS;
  return type.kind === 'scalar';
}

function compareNumber({ type, offset }: Leaf): string | undefined {
  if (type === 'f64') return `$is(F64[${indexIn('a', offset, 8)}], F64[${indexIn('b', offset, 8)}])`;
  if (type === 'f32') return `$is(F32[${indexIn('a', offset, 4)}], F32[${indexIn('b', offset, 4)}])`;
  return undefined;
}

function compareWhole({ type, offset }: FieldLayout, names: RecordNames): string {
  const [a, b] = [indexIn('a', offset, unitOf(type)), indexIn('b', offset, unitOf(type))];
  if (type.kind === 'struct') return `same${names.struct(type.struct)}(${a}, ${b})`;
  return type.kind === 'array' ? `sameA${names.array(type)}(${a}, ${b})` : '';
}

// Marks the bits of a leaf in the 32-bit halves that it covers; bytes are little endian, as on all platforms of today.
function addMask(masks: Map<number, number>, { type, offset }: Leaf): void {
  const bytes = sizeOf({ kind: 'scalar', type });
  for (let byte = offset; byte < offset + bytes; byte++) {
    const half = byte >> 2;
    masks.set(half, ((masks.get(half) ?? 0) | (0xff << (8 * (byte & 3)))) >>> 0);
  }
}
