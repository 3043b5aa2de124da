// Source text that checks and writes one column.
import { indexIn, member, store, storeChecked, strideOf, unitOf } from './access-source.js';
import { unfit } from './check-source.js';
import type { FieldType, ScalarName, Struct } from './fields.js';
import { countLeaves } from './layout.js';
import { RecordNames } from './record-names.js';
import { RECORD_PRELUDE } from './record-prelude.js';
import { innerSource, type RecordOptions } from './record-source.js';

/** A field that is a column of its own: a scalar or an array, possibly in a nested struct. */
export interface ColumnLeaf {
  /** Its name, after those of the structs around it. */
  readonly path: readonly string[];
  readonly type: FieldType;
  /** In bytes, from the start of the record. */
  readonly offset: number;
}

/** The index of the first of `n` scalars that a field can't hold, or -1. */
export type FirstUnfit = (column: ArrayLike<unknown>, n: number) => number;

/** What is generated for the columns of a struct. */
export interface ColumnFunctions {
  /** For each leaf. */
  readonly unfits: readonly FirstUnfit[];
  encode(p: number, columns: unknown, row: number, count: number): void;
}

/** The columns of a struct. */
export function columnsOf(struct: Struct, path: readonly string[] = [], start = 0): ColumnLeaf[] {
  return struct.layout.fields.flatMap(({ name, type, offset }) =>
    type.kind === 'struct'
      ? columnsOf(type.struct, [...path, name], start + offset)
      : [{ path: [...path, name], type, offset: start + offset }],
  );
}

/** The body of a function of `env` that returns {@link ColumnFunctions}. */
export function columnSource(struct: Struct, leaves: readonly ColumnLeaf[]): string {
  const options = { names: new RecordNames(), writer: true };
  const reads = leaves.map(({ path }, i) => `const c${i} = columns${path.map(member).join('')};`);
  return `${RECORD_PRELUDE}${leaves.map(({ type }) => innerSource(type, options)).join('')}
const unfits = [
  ${leaves.map(({ type }) => unfitSource(type)).join(',\n  ')}
];
function encode(p, columns, row, count) {
  ${reads.join('\n  ')}
  for (let i = row; i < row + count; i++, p += ${struct.layout.words}) {
    ${leaves.map((leaf, i) => writeLeaf(leaf, `c${i}`, options)).join('\n    ')}
  }
}
return { unfits, encode };`;
}

function unfitSource(type: FieldType): string {
  const scalar = scalarOf(type);
  const bad = scalar === undefined ? 'false' : unfit(scalar, 'v');
  return `(c, n) => { for (let i = 0; i < n; i++) { const v = c[i]; if (${bad}) return i; } return -1; }`;
}

function writeLeaf({ type, offset }: ColumnLeaf, c: string, options: RecordOptions): string {
  const at = indexIn('p', offset, unitOf(type));
  const scalar = scalarOf(type);
  if (type.kind === 'scalar') {
    const put = type.type === 'text' ? store : storeChecked;
    return `{ const v = ${c}[i]; ${put(type.type, at, 'v', 'intern')} }`;
  }
  if (type.kind === 'struct') return '';
  const put = `putA${options.names.array(type)}(${at}, ${c}[i]);`;
  if (scalar === undefined) return put;
  const n = countLeaves(type);
  const flat = `for (let k = 0, e = ${at}; k < ${n}; k++, e += ${scalarStride(type)}) \
{ const v = ${c}[i * ${n} + k]; ${store(scalar, 'e', 'v', 'intern')} }`;
  return `if (ArrayBuffer.isView(${c})) { ${flat} } else ${put}`;
}

/** The scalar that a field or the elements of an array are, if they are not structs. */
export function scalarOf(type: FieldType): ScalarName | undefined {
  if (type.kind === 'array') return scalarOf(type.element);
  return type.kind === 'scalar' ? type.type : undefined;
}

function scalarStride(type: FieldType): number {
  return type.kind === 'array' ? scalarStride(type.element) : strideOf(type);
}

const FITS: Readonly<Record<string, readonly ScalarName[]>> = {
  Int8Array: ['f64', 'f32', 'i8', 'i16', 'i32', 'i53'],
  Uint8Array: ['f64', 'f32', 'u8', 'i16', 'u16', 'i32', 'u32', 'i53', 'u53'],
  Uint8ClampedArray: ['f64', 'f32', 'u8', 'i16', 'u16', 'i32', 'u32', 'i53', 'u53'],
  Int16Array: ['f64', 'f32', 'i16', 'i32', 'i53'],
  Uint16Array: ['f64', 'f32', 'u16', 'i32', 'u32', 'i53', 'u53'],
  Int32Array: ['f64', 'f32', 'i32', 'i53'],
  Uint32Array: ['f64', 'f32', 'u32', 'i53', 'u53'],
  Float32Array: ['f64', 'f32'],
  Float64Array: ['f64'],
  BigInt64Array: ['i64'],
  BigUint64Array: ['u64'],
};

/** Whether every value that a typed array of this kind can have is one that the scalar can hold. */
export function typedArrayFits(column: ArrayLike<unknown>, scalar: ScalarName): boolean {
  if (!ArrayBuffer.isView(column)) return false;
  const kind = (column as unknown as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? '';
  return FITS[kind]?.includes(scalar) ?? false;
}
