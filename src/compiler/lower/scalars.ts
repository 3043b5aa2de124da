// Scalars in memory: how each type is loaded and stored, and what an operand becomes by being stored.
import type { ScalarName } from '../../schema/index.js';
import { bigint } from './bigints.js';
import type { Builder } from './builder.js';
import { sameDoubles } from './compare.js';
import type { Address } from './context.js';
import { toInt64 } from './integers.js';
import { binary, type Expression, i32, i64, type LoadOp, type StoreOp, typeOf, unary } from './ir.js';
import { double, number, numberConstant, toBits, toDouble, toNumber } from './numbers.js';
import type { BoolOperand, NumberOperand, Operand, SingleOperand } from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import { bool, truth } from './truth.js';

interface Access {
  readonly load: LoadOp;
  readonly store: StoreOp;
  /** What a loaded value is. */
  readonly operand: (raw: Expression) => SingleOperand;
  /** What is stored for an operand; the store cuts off what is too much. */
  readonly raw: (builder: Builder, operand: Operand) => Expression;
  /** What a load would give of that. */
  readonly reload?: (raw: Expression) => Expression;
}

const int = (raw: Expression): SingleOperand => number(raw, 'i32');
const byte = { store: 'i32.store8', raw: toBits } as const;
const half = { store: 'i32.store16', raw: toBits } as const;
const cell = { load: 'i32.load', store: 'i32.store' } as const;
const word = { load: 'i64.load', store: 'i64.store' } as const;
const and = (mask: number) => (raw: Expression) => binary('i32.and', raw, i32(mask));

/** A whole number for a field of 64 bits, modulo 2^64. */
function whole(builder: Builder, operand: Operand): Expression {
  const x = toNumber(operand);
  // Fractions go, and -0 with them.
  return toInt64(builder, double(x));
}

/** The same for a field of 53 bits: it holds safe integers only. */
function natural(builder: Builder, operand: Operand): Expression {
  const raw = whole(builder, operand);
  return raw.op === 'unary' && raw.code === 'i64.extend_i32_u' ? raw : binary('i64.and', raw, i64(BITS_53));
}

const BITS_53 = 2n ** 53n - 1n;

function big(_: Builder, operand: Operand): Expression {
  if (operand.kind === 'bigint') return operand.value;
  return operand.kind === 'bool'
    ? unary('i64.extend_i32_u', operand.value)
    : refuse(`${describeOperand(operand)} is stored as a bigint`);
}

function text(_: Builder, operand: Operand): Expression {
  if (operand.kind === 'text') return operand.value;
  const kinds = operand.kind === 'union' ? operand.alternatives.map(({ kind }) => kind) : [];
  const isOptional = kinds.length > 0 && kinds.every((kind) => kind === 'text' || kind === 'nil');
  const hint = isOptional ? "; `?? ''` makes it one in every case" : '';
  return refuse(`${describeOperand(operand)} is stored as a text${hint}`);
}

const ACCESS: Readonly<Record<ScalarName, Access>> = {
  bool: {
    load: 'i32.load8_u',
    store: 'i32.store8',
    operand: bool,
    raw: (_, operand) => truth(operand).value,
  },
  i8: { ...byte, load: 'i32.load8_s', operand: int, reload: (raw) => unary('i32.extend8_s', raw) },
  u8: { ...byte, load: 'i32.load8_u', operand: int, reload: and(0xff) },
  i16: { ...half, load: 'i32.load16_s', operand: int, reload: (raw) => unary('i32.extend16_s', raw) },
  u16: { ...half, load: 'i32.load16_u', operand: int, reload: and(0xffff) },
  i32: { ...cell, operand: int, raw: toBits },
  u32: { ...cell, operand: (raw) => number(raw, 'u32'), raw: toBits },
  f32: {
    load: 'f32.load',
    store: 'f32.store',
    operand: (raw) => number(unary('f64.promote_f32', raw)),
    raw: (_, operand) => unary('f32.demote_f64', toDouble(operand)),
  },
  f64: {
    load: 'f64.load',
    store: 'f64.store',
    operand: (raw) => number(raw),
    raw: (_, operand) => toDouble(operand),
  },
  i53: { ...word, operand: (raw) => number(unary('f64.convert_i64_s', raw)), raw: whole },
  u53: { ...word, operand: (raw) => number(unary('f64.convert_i64_u', raw)), raw: natural },
  i64: { ...word, operand: (raw) => bigint('i64', raw), raw: big },
  u64: { ...word, operand: (raw) => bigint('u64', raw), raw: big },
  text: { ...cell, operand: (raw) => ({ kind: 'text', value: raw }), raw: text },
};

/** What number fields make of constants. */
const STORED: { readonly [type: string]: (x: number) => number } = {
  i8: (x) => (x << 24) >> 24,
  u8: (x) => x & 0xff,
  i16: (x) => (x << 16) >> 16,
  u16: (x) => x & 0xffff,
  i32: (x) => x | 0,
  u32: (x) => x >>> 0,
  f32: Math.fround,
  f64: (x) => x,
  i53: (x) => Number(BigInt.asIntN(64, wholePart(x))),
  u53: (x) => Number(BigInt.asUintN(53, wholePart(x))),
};

const wholePart = (x: number): bigint => (Number.isFinite(x) ? BigInt(Math.trunc(x)) : 0n);

/** What a scalar field holds: a load, bound to where it happens. */
export function loadScalar(builder: Builder, type: ScalarName, at: Address): SingleOperand {
  const raw = loadRaw(builder, type, at);
  // An i53 that was written in halves may hold more than its number says.
  if (type === 'u53') noteWord(raw, type);
  return ACCESS[type].operand(raw);
}

function loadRaw(builder: Builder, type: ScalarName, { address, offset }: Address): Expression {
  return builder.pin({ op: 'load', code: ACCESS[type].load, address, offset }, type);
}

/** Whether two scalars of a type in memory are the same: doubles by `Object.is`, all others by their bits. */
export function sameStored(builder: Builder, type: ScalarName, a: Address, b: Address): BoolOperand {
  const [x, y] = [loadRaw(builder, type, a), loadRaw(builder, type, b)];
  if (type === 'f64') return sameDoubles(builder, x, y);
  if (type === 'f32') return sameDoubles(builder, unary('f64.promote_f32', x), unary('f64.promote_f32', y));
  return bool(binary(`${typeOf(x) as 'i32' | 'i64'}.eq`, x, y));
}

/** What is to be stored for an operand; the store cuts off what is too much. */
export function rawOf(builder: Builder, type: ScalarName, operand: Operand): Expression {
  return coercedWord(type, operand) ?? ACCESS[type].raw(builder, operand);
}

/** Locals with words of 53-bit fields: those that were coerced but not stored, and those of u53 in memory. */
const words = new WeakMap<object, ScalarName>();

function noteWord(word: Expression, type: ScalarName): void {
  if (word.op === 'get') words.set(word.of, type);
}

/** The word of an operand that is of a 53-bit type already: it is stored as it is. */
function coercedWord(type: ScalarName, operand: Operand): Expression | undefined {
  if ((type !== 'i53' && type !== 'u53') || operand.kind !== 'number') return undefined;
  const { value } = operand;
  const code = type === 'i53' ? 'f64.convert_i64_s' : 'f64.convert_i64_u';
  if (value.op !== 'unary' || value.code !== code) return undefined;
  return value.a.op === 'get' && words.get(value.a.of) === type ? value.a : undefined;
}

/** Stores what `rawOf` gave. */
export function storeRaw(
  builder: Builder,
  type: ScalarName,
  { address, offset }: Address,
  value: Expression,
): void {
  builder.add({ op: 'store', code: ACCESS[type].store, address, offset, value });
}

/** What a field would hold after an operand was stored there, without memory. */
export function coerceScalar(builder: Builder, type: ScalarName, operand: Operand): SingleOperand {
  return unchanged(type, operand) ?? reloaded(builder, type, ACCESS[type].raw(builder, operand));
}

/** What a field holds after `rawOf` of an operand was stored there. */
export function heldAfter(
  builder: Builder,
  type: ScalarName,
  operand: Operand,
  raw: Expression,
): SingleOperand {
  return unchanged(type, operand) ?? reloaded(builder, type, raw);
}

function reloaded(builder: Builder, type: ScalarName, raw: Expression): SingleOperand {
  const { operand, reload } = ACCESS[type];
  const held = builder.pin(reload?.(raw) ?? raw, type);
  if (type === 'i53' || type === 'u53') noteWord(held, type);
  return operand(held);
}

/** What is stored for an operand, where that can be told without looking at its bits. */
function unchanged(type: ScalarName, operand: Operand): SingleOperand | undefined {
  if (operand.kind === type) return operand as SingleOperand;
  const stored = STORED[type];
  if (stored !== undefined) {
    const x = toNumber(operand);
    if (x.constant !== undefined) return numberConstant(stored(x.constant));
    if (isOf(type, x) || coercedWord(type, x) !== undefined) return x;
  }
  return operand.kind === 'bigint' && operand.type === type ? operand : undefined;
}

/** Whether all numbers of an operand's representation are of a type. */
function isOf(type: ScalarName, { rep, value }: NumberOperand): boolean {
  if (type === 'f64' || type === rep || (type === 'i53' && rep !== 'f64')) return true;
  if (type === 'u53') return rep === 'u32';
  return type === 'f32' && value.op === 'unary' && value.code === 'f64.promote_f32';
}
