// Comparison: `===`, `==`, `<` and their kin, and Object.is, of any two operands.
import { bigintConstant, commonType, inexact } from './bigints.js';
import type { Builder } from './builder.js';
import { type BinaryOp, binary, type Expression, i64, unary } from './ir.js';
import { double, inCommonRep, toNumber } from './numbers.js';
import type { BigintOperand, BoolOperand, NumberOperand, Operand, SingleOperand } from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import { anyOf, bool, boolConstant, both, either, isNil, not } from './truth.js';

type Order = '<' | '<=' | '>' | '>=' | '===';

/** The instruction of a comparison, without its type and signedness. */
const NAMES = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '===': 'eq' } as const;
const FLIPPED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '===': '===' } as const;

/** How two constants compare. */
function ordered<T extends number | bigint>(order: Order, a: T, b: T): boolean {
  if (order === '===') return a === b;
  if (order === '<') return a < b;
  if (order === '<=') return a <= b;
  return order === '>' ? a > b : a >= b;
}

function integers(
  order: Order,
  type: 'i32' | 'i64',
  signed: boolean,
  a: Expression,
  b: Expression,
): BoolOperand {
  const sign = order === '===' ? '' : signed ? '_s' : '_u';
  return bool(binary(`${type}.${NAMES[order]}${sign}` as BinaryOp, a, b));
}

/** A comparison operator on any two operands; undefined for other operators. */
export function comparison(
  builder: Builder,
  operator: string,
  a: Operand,
  b: Operand,
): BoolOperand | undefined {
  switch (operator) {
    case '===':
      return equal(builder, strictly, a, b);
    case '!==':
      return not(equal(builder, strictly, a, b));
    case '==':
      return equal(builder, loosely, a, b);
    case '!=':
      return not(equal(builder, loosely, a, b));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return each(a, b, (x, y) => order(operator, x, y));
    default:
      return undefined;
  }
}

/** `Object.is(a, b)`. */
export const objectIs = (builder: Builder, a: Operand, b: Operand): BoolOperand =>
  equal(builder, identically, a, b);

type Equality = (builder: Builder, a: SingleOperand, b: SingleOperand) => BoolOperand;

const equal = (builder: Builder, equality: Equality, a: Operand, b: Operand): BoolOperand =>
  each(a, b, (x, y) => equality(builder, x, y));

/** A test of any two operands by what it is for the alternatives of each. */
function each(
  a: Operand,
  b: Operand,
  test: (a: SingleOperand, b: SingleOperand) => BoolOperand,
): BoolOperand {
  if (a.kind === 'union') return anyOf(a, (x) => each(x, b, test));
  if (b.kind === 'union') return anyOf(b, (y) => test(a, y));
  return test(a, b);
}

function order(operator: Order, a: SingleOperand, b: SingleOperand): BoolOperand {
  if (a.kind === 'text' && b.kind === 'text') {
    if (a.constant !== undefined && b.constant !== undefined)
      return boolConstant(ordered(operator, a.constant as never, b.constant as never));
    return refuse(`\`${operator}\` of texts needs more than their numbers`);
  }
  if (a.kind === 'bigint')
    return b.kind === 'bigint' ? bigints(operator, a, b) : mixed(operator, a, toNumber(b));
  if (b.kind === 'bigint') return mixed(FLIPPED[operator], b, toNumber(a));
  return numbers(operator, toNumber(a), toNumber(b));
}

function numbers(operator: Order, a: NumberOperand, b: NumberOperand): BoolOperand {
  if (a.constant !== undefined && b.constant !== undefined)
    return boolConstant(ordered(operator, a.constant, b.constant));
  const same = inCommonRep(a, b);
  if (same !== undefined) return integers(operator, 'i32', same.rep === 'i32', same.a, same.b);
  return bool(binary(`f64.${NAMES[operator]}`, double(a), double(b)));
}

function bigints(operator: Order, a: BigintOperand, b: BigintOperand): BoolOperand {
  if (a.constant !== undefined && b.constant !== undefined)
    return boolConstant(ordered(operator, a.constant, b.constant));
  const type = commonType(a, b);
  if (type !== undefined) return integers(operator, 'i64', type === 'i64', a.value, b.value);
  if (a.type === 'modular' || b.type === 'modular') return refuse(inexact(operator, a, b));
  // A constant that is out of the other's range is beyond one of its ends.
  if (b.constant !== undefined) return boolConstant(ordered(operator, 0, b.constant > 0n ? 1 : -1));
  if (a.constant !== undefined || a.type === 'u64') return bigints(FLIPPED[operator], b, a);
  // An i64 with a u64: a negative one is less, others compare as unsigned.
  const unsigned = integers(operator, 'i64', false, a.value, b.value);
  const isNegative = bool(binary('i64.lt_s', a.value, i64(0n)));
  return ordered(operator, 0, 1) ? either(isNegative, unsigned) : both(not(isNegative), unsigned);
}

/** A bigint with a number. */
function mixed(operator: Order, a: BigintOperand, b: NumberOperand): BoolOperand {
  const { constant } = b;
  if (constant === undefined) {
    if (b.rep === 'f64')
      return refuse(
        `\`${operator}\` is given a bigint and a number that may have a fraction; Number(…) makes them comparable`,
      );
    const value = unary(b.rep === 'i32' ? 'i64.extend_i32_s' : 'i64.extend_i32_u', b.value);
    return bigints(operator, a, { kind: 'bigint', type: 'i64', value });
  }
  if (Number.isNaN(constant)) return boolConstant(false);
  if (Number.isInteger(constant)) return bigints(operator, a, bigintConstant(BigInt(constant)));
  if (operator === '===') return boolConstant(false);
  // No bigint of 64 bits is beyond this.
  if (!Number.isFinite(constant))
    return bigints(operator, a, bigintConstant(constant > 0 ? 2n ** 1024n : -(2n ** 1024n)));
  const round = operator === '<' || operator === '>=' ? Math.ceil : Math.floor;
  return bigints(operator, a, bigintConstant(BigInt(round(constant))));
}

function strictly(_: Builder, a: SingleOperand, b: SingleOperand): BoolOperand {
  if (a.kind === 'number' && b.kind === 'number') return numbers('===', a, b);
  if (a.kind === 'bigint' && b.kind === 'bigint') return bigints('===', a, b);
  if (a.kind === 'bool' && b.kind === 'bool') {
    if (a.constant !== undefined) return a.constant ? b : not(b);
    if (b.constant !== undefined) return b.constant ? a : not(a);
    return integers('===', 'i32', false, a.value, b.value);
  }
  if (a.kind === 'text' && b.kind === 'text') {
    return a.constant !== undefined && b.constant !== undefined
      ? boolConstant(a.constant === b.constant)
      : integers('===', 'i32', false, a.value, b.value);
  }
  if (a.kind !== b.kind) return boolConstant(false);
  if (a.kind === 'nil' && b.kind === 'nil') return boolConstant(a.value === b.value);
  return identity(a, b);
}

/** Whether two objects of a kind are the same one. */
function identity(a: SingleOperand, b: SingleOperand): BoolOperand {
  if (a === b) return boolConstant(true);
  if (a.kind === 'constant' && b.kind === 'constant') return boolConstant(a.of === b.of);
  return refuse(`whether ${describeOperand(a)} is the same as another is known only where the code runs`);
}

function loosely(builder: Builder, a: SingleOperand, b: SingleOperand): BoolOperand {
  if (a.kind === b.kind && a.kind !== 'nil') return strictly(builder, a, b);
  if (a.kind === 'nil' || b.kind === 'nil') return both(isNil(a), isNil(b));
  if (a.kind === 'bigint' && b.kind !== 'text') return mixed('===', a, toNumber(b));
  if (b.kind === 'bigint' && a.kind !== 'text') return mixed('===', b, toNumber(a));
  // Numbers and booleans; all else would have to be converted to numbers.
  return numbers('===', toNumber(a), toNumber(b));
}

function identically(builder: Builder, a: SingleOperand, b: SingleOperand): BoolOperand {
  if (a.kind !== 'number' || b.kind !== 'number') return strictly(builder, a, b);
  if (a.constant !== undefined && b.constant !== undefined)
    return boolConstant(Object.is(a.constant, b.constant));
  return inCommonRep(a, b) === undefined ? sameDoubles(builder, double(a), double(b)) : numbers('===', a, b);
}

/** What `includes` takes for equal: as `===`, and a NaN for a NaN. */
export const sameValueZero = (builder: Builder, a: Operand, b: Operand): BoolOperand =>
  equal(builder, sameOrNaN, a, b);

function sameOrNaN(builder: Builder, a: SingleOperand, b: SingleOperand): BoolOperand {
  const same = strictly(builder, a, b);
  if (a.kind !== 'number' || b.kind !== 'number' || a.rep !== 'f64' || b.rep !== 'f64') return same;
  const [x, y] = [builder.pin(a.value), builder.pin(b.value)];
  const areNaN = binary('i32.and', binary('f64.ne', x, x), binary('f64.ne', y, y));
  return either(same, bool(areNaN));
}

/** Whether two doubles are the same: -0 differs from 0, NaN is one value. */
export function sameDoubles(builder: Builder, left: Expression, right: Expression): BoolOperand {
  const constant = [left, right].find((e) => e.op === 'const' && e.value !== 0);
  if (constant?.op === 'const' && !Number.isNaN(constant.value)) return bool(binary('f64.eq', left, right));
  const [a, b] = [builder.pin(left), builder.pin(right)];
  const sameBits = binary('i64.eq', unary('i64.reinterpret_f64', a), unary('i64.reinterpret_f64', b));
  const areNaN = binary('i32.and', binary('f64.ne', a, a), binary('f64.ne', b, b));
  return bool(binary('i32.or', sameBits, areNaN));
}
