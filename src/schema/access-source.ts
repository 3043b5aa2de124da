// Source text that reads and writes one scalar. Indices count elements of the typed array that holds the scalar.
//
// Addresses of records count words of 8 bytes, so that a field's index is a multiple of the address plus a constant.
// i53 and u53 are two cells of 32 bits, the lower half first (the same bytes as a little-endian 64-bit integer): an
// index of theirs counts cells, and the next field of an array of them is two cells further.
import { MIDDLE, TWO_52 } from './check-source.js';
import type { FieldType, ScalarName } from './fields.js';
import { sizeOf } from './layout.js';

const ARRAYS: Readonly<Record<ScalarName, string>> = {
  bool: 'U8',
  i8: 'I8',
  u8: 'U8',
  i16: 'I16',
  u16: 'U16',
  i32: 'I32',
  u32: 'U32',
  f32: 'F32',
  f64: 'F64',
  i53: 'I32',
  u53: 'U32',
  i64: 'I64',
  u64: 'U64',
  text: 'U32',
};

/** Of the upper half of a u53, the bits that it has: it wraps modulo 2^53, so that it holds safe integers whatever is stored. */
export const HIGH_BITS = 0x1fffff;

/** The bytes that one step of an index covers: those of the element for arrays, 8 for structs. */
export function unitOf(type: FieldType): number {
  if (type.kind === 'struct') return 8;
  if (type.kind === 'array') return unitOf(type.element);
  return type.type === 'i53' || type.type === 'u53' ? 4 : sizeOf(type);
}

/** How far apart the elements of an array of this type are, in steps of an index. */
export function strideOf(element: FieldType): number {
  return sizeOf(element) / unitOf(element);
}

/** The index, in units of `unit` bytes, of the byte `offset` in the record at the word address `p`. */
export function indexIn(p: string, offset: number, unit: number): string {
  const scale = 8 / unit;
  return plus(scale === 1 ? p : `${scale} * ${p}`, offset / unit);
}

/** `base + n`, with a constant at the end of `base` added up. */
export function plus(base: string, n: number): string {
  if (n === 0) return base;
  const [, rest, constant] = /^(?:(.*) \+ )?(\d+)$/.exec(base) ?? [undefined, base, '0'];
  const sum = Number(constant) + n;
  return rest === undefined ? String(sum) : `${rest} + ${sum}`;
}

/** An expression for the scalar at an index. */
export function load(type: ScalarName, index: string): string {
  switch (type) {
    case 'bool':
      return `(U8[${index}] !== 0)`;
    case 'i53':
    case 'u53':
      return `(${ARRAYS[type]}[${plus(index, 1)}] * 4294967296 + U32[${index}])`;
    case 'text':
      return `T.string(U32[${index}])`;
    default:
      return `${ARRAYS[type]}[${index}]`;
  }
}

/** How a text becomes the number of its entry: `id` if it must be known, `intern` if it may be new. */
export type TextStore = 'id' | 'intern';

/** A statement that stores a value as typed arrays do, wrapping; `value` is the name of a local. */
export function store(type: ScalarName, index: string, value: string, texts: TextStore): string {
  switch (type) {
    case 'bool':
      return `U8[${index}] = ${value} ? 1 : 0;`;
    case 'i53':
      return storeWhole(index, `Math.trunc(${value})`);
    case 'u53':
      return storeWhole(index, `Math.trunc(${value})`, ` & ${HIGH_BITS}`);
    case 'text':
      return `U32[${index}] = T.${texts}(${value});`;
    default:
      return `${ARRAYS[type]}[${index}] = ${value};`;
  }
}

/** A statement that stores a value already checked; `value` is the name of a local, a text's that of its id. */
export function storeChecked(type: ScalarName, index: string, value: string): string {
  if (type === 'i53' || type === 'u53') return storeWhole(index, value);
  if (type === 'text') return `U32[${index}] = ${value};`;
  return store(type, index, value, 'id');
}

// Multiplying by 2^-32 is exact, and typed arrays take whole numbers modulo 2^32. A way round it for small numbers costs more.
function storeWhole(index: string, value: string, cut = ''): string {
  return `U32[${index}] = ${value}; U32[${plus(index, 1)}] = Math.floor(${value} * 2.3283064365386963e-10)${cut};`;
}

/**
 * The same for a scalar field of the record at the word address `p`, and a value of which `unfitSmall` is false: a sum is stored,
 * and what it has in its upper half beside the number's bits is taken away.
 */
export function storeSmall(
  type: FieldType & { kind: 'scalar' },
  p: string,
  offset: number,
  value: string,
): string {
  const double = (add: number) => `F64[${indexIn(p, offset, 8)}] = ${value} + ${add};`;
  const high = `I32[${indexIn(p, offset + 4, 4)}]`;
  if (type.type === 'u53') return `${double(TWO_52)} ${high} ^= 0x43300000;`;
  if (type.type === 'i53') return `${double(MIDDLE)} ${high} -= 0x43380000;`;
  return storeChecked(type.type, indexIn(p, offset, unitOf(type)), value);
}

/** `.name`, or `["any name"]`. */
export function member(name: string): string {
  return isIdentifier(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** A name as the key of a literal or an accessor. */
export function key(name: string): string {
  return isIdentifier(name) ? name : JSON.stringify(name);
}

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}
