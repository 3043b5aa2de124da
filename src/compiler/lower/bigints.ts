// Bigints of 64 bits: exact where they are stored values or what asIntN and asUintN say, else known modulo 2^64.
import type { LowerContext } from './context.js';
import { toInt64 } from './integers.js';
import { type BinaryOp, binary, type Expression, f64, get, i64, unary } from './ir.js';
import { number, numberConstant } from './numbers.js';
import type { BigintOperand, NumberOperand, Operand } from './operand.js';
import { describeOperand, refuse } from './reasons.js';

export type Exact = 'i64' | 'u64';
type Type = BigintOperand['type'];

export const bigint = (type: Type, value: Expression): BigintOperand =>
  value.op === 'const' && type !== 'modular'
    ? bigintConstant(wrap[type === 'u64' ? 'u64' : 'i64'](64, BigInt(value.value)))
    : { kind: 'bigint', type, value };

export const bigintConstant = (constant: bigint): BigintOperand => ({
  kind: 'bigint',
  type: 'bare',
  value: i64(constant),
  constant,
});

const wrap = { i64: BigInt.asIntN, u64: BigInt.asUintN };

/** Whether values of a bigint's type are all of a 64-bit type. */
export function isExact({ type, constant }: BigintOperand, as: Exact): boolean {
  return constant === undefined ? type === as : wrap[as](64, constant) === constant;
}

/** The type that two bigints are both of. */
export function commonType(a: BigintOperand, b: BigintOperand): Exact | undefined {
  return (['i64', 'u64'] as const).find((type) => isExact(a, type) && isExact(b, type));
}

/** What operators make of constants. */
const FOLD: { readonly [operator: string]: (a: bigint, b: bigint) => bigint } = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
};

/** Operators of which the lower 64 bits follow from those of their operands. */
const MODULAR: { readonly [operator: string]: BinaryOp } = {
  '+': 'i64.add',
  '-': 'i64.sub',
  '*': 'i64.mul',
  '&': 'i64.and',
  '|': 'i64.or',
  '^': 'i64.xor',
};

/** A constant of more bits than this is not worked out. */
const MAX_CONSTANT_BITS = 1024n;
const MAX_POWER = 64n;

/** An operator on two bigints. */
export function bigintOperator(
  ctx: LowerContext,
  operator: string,
  a: BigintOperand,
  b: BigintOperand,
): BigintOperand {
  if (operator === '**') return power(a, b);
  if (operator === '<<' || operator === '>>') return shift(ctx, operator, a, b);
  const code = MODULAR[operator];
  const fold = FOLD[operator];
  if (fold === undefined) return refuse(`\`${operator}\` of bigints throws a TypeError`);
  const divides = code === undefined;
  if (a.constant !== undefined && b.constant !== undefined && !(divides && b.constant === 0n))
    return bigintConstant(fold(a.constant, b.constant));
  if (divides) return divide(ctx, operator, a, b);
  return bigint(typeOfBits(operator, a, b), binary(code, a.value, b.value));
}

/** Bits of two numbers of a type are of that type; what is cut off by a constant is of that of the constant. */
function typeOfBits(operator: string, a: BigintOperand, b: BigintOperand): Type {
  if (!'&|^'.includes(operator)) return 'modular';
  const type = commonType(a, b);
  if (type !== undefined) return type;
  return operator === '&' && (isExact(a, 'u64') || isExact(b, 'u64')) ? 'u64' : 'modular';
}

function divide(ctx: LowerContext, operator: string, a: BigintOperand, b: BigintOperand): BigintOperand {
  const { builder } = ctx;
  const type = commonType(a, b);
  if (type === undefined) return refuse(inexact(operator, a, b));
  const by = builder.pin(b.value);
  if (b.constant === undefined || b.constant === 0n)
    builder.when(
      b.constant === 0n ? { op: 'const', type: 'i32', value: 1 } : unary('i64.eqz', by),
      builder.collect(() => ctx.fail('division')),
    );
  // Behind a division by 0n nothing is reached.
  if (b.constant === 0n) return b;
  const sign = type === 'i64' ? 's' : 'u';
  if (operator === '%') return bigint(type, builder.pin(binary(`i64.rem_${sign}`, a.value, by)));
  if (type === 'u64' || (b.constant !== undefined && b.constant !== -1n))
    return bigint(type, builder.pin(binary(`i64.div_${sign}`, a.value, by)));
  // The least i64 divided by -1n is 2^63.
  const dividend = builder.pin(a.value);
  return bigint(
    'modular',
    builder.pin({
      op: 'choose',
      type: 'i64',
      condition: binary('i64.eq', by, i64(-1n)),
      a: binary('i64.sub', i64(0n), dividend),
      b: binary('i64.div_s', dividend, by),
    }),
  );
}

export function inexact(operator: string, a: BigintOperand, b: BigintOperand): string {
  if (a.type === 'modular' || b.type === 'modular')
    return `\`${operator}\` takes all bits of a sum or product of bigints; BigInt.asIntN(64, …) or BigInt.asUintN(64, …) says which`;
  const beyond = [a, b].some((x) => !isExact(x, 'i64') && !isExact(x, 'u64'));
  if (beyond) return `\`${operator}\` is given a bigint of more than 64 bits`;
  return `\`${operator}\` is given an i64 and a u64; BigInt.asIntN(64, …) or BigInt.asUintN(64, …) makes them one`;
}

function power(a: BigintOperand, b: BigintOperand): BigintOperand {
  if (b.constant === undefined || b.constant < 0n || b.constant > MAX_POWER)
    return refuse(`\`**\` of bigints takes a constant exponent from 0n to ${MAX_POWER}n`);
  if (a.constant !== undefined && bits(a.constant) <= MAX_CONSTANT_BITS)
    return bigintConstant(a.constant ** b.constant);
  let value: Expression = i64(1n);
  for (let i = 0n; i < b.constant; i++) value = binary('i64.mul', value, a.value);
  return bigint('modular', value);
}

const bits = (x: bigint): bigint => BigInt(x.toString(2).length);

/** From shifts by this much on, engines say that a bigint would be too long. */
const MAX_SHIFT = 2n ** 30n;

function shift(ctx: LowerContext, operator: string, a: BigintOperand, b: BigintOperand): BigintOperand {
  const left = operator === '<<';
  const by = b.constant;
  if (by !== undefined) {
    const steps = left ? by : -by;
    if (steps > MAX_CONSTANT_BITS) return refuse('a bigint is shifted by very many bits');
    if (a.constant !== undefined && bits(a.constant) <= MAX_CONSTANT_BITS)
      return bigintConstant(a.constant << steps);
    if (steps >= 0n) return bigint('modular', steps < 64n ? binary('i64.shl', a.value, i64(steps)) : i64(0n));
    const type = commonType(a, a) ?? refuse(inexact(operator, a, a));
    if (-steps < 64n) return bigint(type, binary(RIGHT[type], a.value, i64(-steps)));
    return bigint(type, type === 'i64' ? binary('i64.shr_s', a.value, i64(63n)) : i64(0n));
  }
  const type = commonType(a, a);
  const amount = commonType(b, b);
  if (type === undefined || amount === undefined) return refuse(inexact(operator, a, b));
  return shiftBy(ctx, left, { type, value: ctx.builder.pin(a.value) }, amount, ctx.builder.pin(b.value));
}

const RIGHT = { i64: 'i64.shr_s', u64: 'i64.shr_u' } as const;

/** A shift by as many bits as a value says; by a negative number it goes the other way. */
function shiftBy(
  ctx: LowerContext,
  left: boolean,
  { type, value }: { readonly type: Exact; readonly value: Expression },
  amount: Exact,
  by: Expression,
): BigintOperand {
  const { builder } = ctx;
  const select = (condition: Expression, a: Expression, b: Expression): Expression => ({
    op: 'select',
    type: 'i64',
    condition,
    a,
    b,
  });
  const few = (n: Expression) => binary('i64.lt_u', n, i64(64n));
  const ways = {
    left: (n: Expression) => {
      const tooLong = binary('i64.ge_u', n, i64(MAX_SHIFT));
      builder.when(
        binary('i32.and', tooLong, binary('i64.ne', value, i64(0n))),
        builder.collect(() => ctx.fail('bigintSize')),
      );
      return select(few(n), binary('i64.shl', value, n), i64(0n));
    },
    right: (n: Expression) => {
      const shifted = binary(RIGHT[type], value, n);
      return select(few(n), shifted, type === 'i64' ? binary('i64.shr_s', value, i64(63n)) : i64(0n));
    },
  };
  const [forth, back] = left ? (['left', 'right'] as const) : (['right', 'left'] as const);
  if (amount === 'u64') return bigint(left ? 'modular' : type, ways[forth](by));
  const out = builder.variable('i64', 'shifted');
  const way = (name: 'left' | 'right', n: Expression) =>
    builder.collect(() => builder.set(out, ways[name](n)));
  const negated = builder.pin(binary('i64.sub', i64(0n), by));
  builder.when(binary('i64.lt_s', by, i64(0n)), way(back, negated), way(forth, by));
  return bigint('modular', builder.pin(get(out)));
}

/** `-x`. */
export const negated = ({ constant, value }: BigintOperand): BigintOperand =>
  constant === undefined ? bigint('modular', binary('i64.sub', i64(0n), value)) : bigintConstant(-constant);

/** `~x`. */
export const inverted = ({ constant, type, value }: BigintOperand): BigintOperand =>
  constant === undefined
    ? bigint(type === 'i64' ? type : 'modular', binary('i64.xor', value, i64(-1n)))
    : bigintConstant(~constant);

/** What `BigInt.asIntN` takes for a bigint. */
function toBigint(operand: Operand): BigintOperand {
  if (operand.kind === 'bigint') return operand;
  if (operand.kind === 'bool') return bigint('i64', unary('i64.extend_i32_u', operand.value));
  return refuse(`${describeOperand(operand)} is used as a bigint`);
}

/** `BigInt.asIntN(width, x)`, `BigInt.asUintN(width, x)`. */
export function asWidth(signed: boolean, width: Operand | undefined, operand: Operand): BigintOperand {
  const x = toBigint(operand);
  const name = signed ? 'asIntN' : 'asUintN';
  const count = width?.kind === 'number' ? width.constant : undefined;
  if (count === undefined || !Number.isInteger(count) || count < 0)
    return refuse(`BigInt.${name} is given a number of bits that is not constant`);
  if (x.constant !== undefined) return bigintConstant(BigInt[name](count, x.constant));
  const cut = i64(BigInt(64 - count));
  if (count > 64) {
    if (x.type === 'modular' || (x.type === 'i64' && !signed))
      return refuse(`BigInt.${name}(${count}, …) may take more than 64 bits`);
    return x;
  }
  if (count === 0) return bigintConstant(0n);
  if (signed)
    return bigint('i64', count === 64 ? x.value : binary('i64.shr_s', binary('i64.shl', x.value, cut), cut));
  return bigint('u64', count === 64 ? x.value : binary('i64.and', x.value, i64(BigInt.asUintN(count, -1n))));
}

/** `BigInt(x)`. */
export function bigintOf(ctx: LowerContext, operand: Operand): BigintOperand {
  if (operand.kind !== 'number') return toBigint(operand);
  const { constant, rep } = operand;
  if (constant !== undefined && Number.isInteger(constant)) return bigintConstant(BigInt(constant));
  if (rep !== 'f64')
    return bigint('i64', unary(rep === 'i32' ? 'i64.extend_i32_s' : 'i64.extend_i32_u', operand.value));
  const { builder } = ctx;
  const x = operand.value.op === 'const' ? operand.value : builder.pin(operand.value);
  const isWhole = binary('f64.eq', binary('f64.sub', x, unary('f64.trunc', x)), f64(0));
  builder.when(
    unary('i32.eqz', isWhole),
    builder.collect(() => ctx.fail('fraction', x)),
  );
  return bigint('modular', toInt64(builder, x));
}

/** `Number(x)` of a bigint. */
export function numberOf({ constant, type, value }: BigintOperand): NumberOperand {
  if (constant !== undefined) return numberConstant(Number(constant));
  if (type === 'modular')
    return refuse('`Number` takes all bits of a sum or product of bigints; BigInt.asIntN(64, …) says which');
  return number(unary(type === 'i64' ? 'f64.convert_i64_s' : 'f64.convert_i64_u', value));
}
