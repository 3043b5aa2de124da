// The bytes of WebAssembly's instructions, by their names.
// Source: WebAssembly Core Specification 2.0, 5.4 (instructions); all but memory.copy are of 1.0 plus sign
// extension and saturating conversions.
import type { BinaryOp, LoadOp, StoreOp, UnaryOp } from '../lower/ir.js';

export type Opcode = UnaryOp | BinaryOp | LoadOp | StoreOp;

/** Instructions whose bytes follow one another, from `first` on; `-` leaves one out. */
function run(first: number, names: string): [string, number][] {
  return names
    .split(' ')
    .map((name, i): [string, number] => [name, first + i])
    .filter(([name]) => name !== '-');
}

const typed = (type: string, names: string): string =>
  names
    .split(' ')
    .map((name) => (name === '-' ? name : `${type}.${name}`))
    .join(' ');

const INTEGER_COMPARE = 'eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';
const INTEGER = 'clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr';
const FLOAT_COMPARE = 'eq ne lt gt le ge';
const FLOAT = 'abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign';

/** One byte each. */
export const OPCODES = new Map<string, number>([
  ...run(0x28, 'i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u'),
  ...run(0x36, 'i32.store i64.store f32.store f64.store i32.store8 i32.store16'),
  ...run(0x45, typed('i32', INTEGER_COMPARE)),
  ...run(0x50, typed('i64', INTEGER_COMPARE)),
  ...run(0x5b, typed('f32', FLOAT_COMPARE)),
  ...run(0x61, typed('f64', FLOAT_COMPARE)),
  ...run(0x67, typed('i32', INTEGER)),
  ...run(0x79, typed('i64', INTEGER)),
  ...run(0x99, typed('f64', FLOAT)),
  ...run(0xa7, 'i32.wrap_i64 - - - - i64.extend_i32_s i64.extend_i32_u'),
  ...run(0xb6, 'f32.demote_f64 f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u'),
  ...run(0xbb, 'f64.promote_f32 i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32'),
  ...run(0xbf, 'f64.reinterpret_i64 i32.extend8_s i32.extend16_s'),
]);

/** The second byte of those that begin with 0xfc. */
export const PREFIXED = new Map<string, number>([
  ['i32.trunc_sat_f64_s', 2],
  ['i32.trunc_sat_f64_u', 3],
  ['i64.trunc_sat_f64_s', 6],
  ['i64.trunc_sat_f64_u', 7],
]);

export const PREFIX = 0xfc;
export const MEMORY_COPY = 10;

/** Control and variables. */
export const Op = {
  UNREACHABLE: 0x00,
  BLOCK: 0x02,
  LOOP: 0x03,
  IF: 0x04,
  ELSE: 0x05,
  END: 0x0b,
  BR: 0x0c,
  BR_IF: 0x0d,
  RETURN: 0x0f,
  CALL: 0x10,
  DROP: 0x1a,
  SELECT: 0x1b,
  LOCAL_GET: 0x20,
  LOCAL_SET: 0x21,
  GLOBAL_GET: 0x23,
  GLOBAL_SET: 0x24,
  I32_CONST: 0x41,
  I64_CONST: 0x42,
  F32_CONST: 0x43,
  F64_CONST: 0x44,
} as const;

/** The bytes of types; `NONE` is that of a block without a result. */
export const TYPES = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;
export const NONE = 0x40;
