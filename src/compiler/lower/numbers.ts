// Numbers: conversions to them, arithmetic and bit operators.
import type { Builder } from './builder.js';
import { helperContext, type LowerContext } from './context.js';
import { doubleImport } from './imports.js';
import { toInt32 } from './integers.js';
import {
  type BinaryOp,
  binary,
  call,
  type DefinedFunction,
  type Expression,
  f64,
  get,
  i32,
  local,
  unary,
} from './ir.js';
import type { NumberOperand, Operand, UnionOperand } from './operand.js';
import { describeOperand, refuse } from './reasons.js';

export type Rep = NumberOperand['rep'];

export const number = (value: Expression, rep: Rep = 'f64'): NumberOperand =>
  value.op === 'const' && typeof value.value === 'number'
    ? numberConstant(rep === 'u32' ? value.value >>> 0 : value.value)
    : { kind: 'number', rep, value };

export function numberConstant(constant: number): NumberOperand {
  const rep = holds('i32', constant) ? 'i32' : holds('u32', constant) ? 'u32' : 'f64';
  return { kind: 'number', rep, value: rep === 'f64' ? f64(constant) : i32(constant), constant };
}

/** An integer from 0 to `below` - 1. */
export function numberBelow(below: number, value: Expression): NumberOperand {
  const made = number(value, below <= 2 ** 31 ? 'i32' : 'u32');
  return made.constant === undefined ? { ...made, below } : made;
}

/** Whether a number is an integer of 32 bits. -0 is none. */
const holds = (rep: 'i32' | 'u32', x: number): boolean => Object.is(rep === 'i32' ? x | 0 : x >>> 0, x);

/** A number as an i32, if it is known to be a signed or unsigned integer of 32 bits. */
export function inRep(a: NumberOperand, rep: 'i32' | 'u32'): Expression | undefined {
  if (a.constant !== undefined) return holds(rep, a.constant) ? i32(a.constant) : undefined;
  return a.rep === rep ? a.value : undefined;
}

/** Two numbers as integers of 32 bits that compare as the numbers do. */
export function inCommonRep(
  a: NumberOperand,
  b: NumberOperand,
): { readonly rep: 'i32' | 'u32'; readonly a: Expression; readonly b: Expression } | undefined {
  for (const rep of ['i32', 'u32'] as const) {
    const [x, y] = [inRep(a, rep), inRep(b, rep)];
    if (x !== undefined && y !== undefined) return { rep, a: x, b: y };
  }
  return undefined;
}

/** A number as a double. */
export function double({ constant, rep, value }: NumberOperand): Expression {
  if (constant !== undefined) return f64(constant);
  return rep === 'f64' ? value : unary(rep === 'i32' ? 'f64.convert_i32_s' : 'f64.convert_i32_u', value);
}

/** What `Number(x)` makes of an operand that is no bigint. */
export function toNumber(operand: Operand): NumberOperand {
  switch (operand.kind) {
    case 'number':
      return operand;
    case 'bool':
      return number(operand.value, 'i32');
    case 'nil':
      return numberConstant(Number(operand.value));
    case 'union':
      return number(select(operand, (alternative) => double(toNumber(alternative))));
    case 'text':
      return refuse('a text is used as a number');
    case 'bigint':
      return refuse('a bigint is used as a number');
    default:
      return refuse(`${describeOperand(operand)} is used as a number`);
  }
}

/** One of several f64 values, by a union's tag. */
function select(
  { tag, alternatives }: UnionOperand,
  take: (alternative: UnionOperand['alternatives'][number]) => Expression,
): Expression {
  return alternatives.map(take).reduceRight((rest, value, i) => ({
    op: 'select',
    type: 'f64',
    condition: i === 0 ? unary('i32.eqz', tag) : binary('i32.eq', tag, i32(i)),
    a: value,
    b: rest,
  }));
}

/** ToNumber, as a double. */
export const toDouble = (operand: Operand): Expression => double(toNumber(operand));

/** ToInt32, or the same bits by ToUint32. */
export function toBits(builder: Builder, operand: Operand): Expression {
  const a = toNumber(operand);
  return a.rep === 'f64' ? toInt32(builder, a.value) : a.value;
}

/** What operators make of constants. */
const FOLD: { readonly [operator: string]: (a: number, b: number) => number } = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
};

const CODES: { readonly [operator: string]: BinaryOp } = {
  '+': 'f64.add',
  '-': 'f64.sub',
  '*': 'f64.mul',
  '/': 'f64.div',
  '&': 'i32.and',
  '|': 'i32.or',
  '^': 'i32.xor',
  '<<': 'i32.shl',
  '>>': 'i32.shr_s',
  '>>>': 'i32.shr_u',
};

/** An arithmetic or bit operator on numbers. */
export function arithmetic(
  ctx: LowerContext,
  operator: string,
  left: Operand,
  right: Operand,
): NumberOperand {
  const { builder } = ctx;
  const [a, b] = [toNumber(left), toNumber(right)];
  const fold = FOLD[operator];
  if (fold === undefined) return refuse(`\`${operator}\` is not known to the compiler`);
  if (a.constant !== undefined && b.constant !== undefined)
    return numberConstant(fold(a.constant, b.constant));
  const code = CODES[operator];
  if (code?.startsWith('i32')) {
    const bits = binary(code, toBits(builder, a), toBits(builder, b));
    const below = bitsBelow(operator, a, b);
    return below === undefined ? number(bits, operator === '>>>' ? 'u32' : 'i32') : numberBelow(below, bits);
  }
  if (code !== undefined) return number(binary(code, double(a), double(b)));
  if (operator === '%') return remainder(ctx, a, b);
  // With this exponent it is a product in JavaScript, too.
  const x = builder.pin(double(a));
  return b.constant === 2 ? number(binary('f64.mul', x, x)) : imported(ctx, 'Math.pow', [x, double(b)]);
}

/** Calls a function of JavaScript from doubles to a double. */
export function imported(
  { builder, module }: LowerContext,
  name: string,
  args: readonly Expression[],
): NumberOperand {
  const callee = module.importFunction(...doubleImport(name, args.length));
  return number(builder.pin(call(callee, ...args)));
}

/** What a bit operator's result is below, where it can't be negative. */
function bitsBelow(operator: string, a: NumberOperand, b: NumberOperand): number | undefined {
  if (operator === '&') {
    const masks = [a, b].flatMap(({ constant, below }) =>
      constant === undefined ? (below ?? []) : constant >= 0 && constant < 2 ** 31 ? constant + 1 : [],
    );
    return masks.length === 0 ? undefined : Math.min(...masks);
  }
  const by = operator === '>>>' && b.constant !== undefined ? b.constant & 31 : 0;
  return by === 0 ? undefined : 2 ** (32 - by);
}

/** `a % b`: with the sign of the dividend, also where it is 0. */
function remainder(ctx: LowerContext, a: NumberOperand, b: NumberOperand): NumberOperand {
  const { builder } = ctx;
  const divisor = b.constant === undefined ? undefined : numberConstant(Math.abs(b.constant));
  if (divisor === undefined || divisor.constant === 0)
    return number(builder.pin(call(modulo(ctx), double(a), double(b))));
  const unsigned = inRep(divisor, 'u32');
  const isPositive = a.rep === 'u32' || a.below !== undefined;
  if (isPositive && unsigned !== undefined && divisor.constant !== undefined)
    return numberBelow(divisor.constant, binary('i32.rem_u', a.value, unsigned));
  const signed = inRep(divisor, 'i32');
  if (signed === undefined) return number(builder.pin(call(modulo(ctx), double(a), double(b))));
  const x = builder.pin(double(a));
  if (a.rep === 'i32') return number(wholeRemainder('i32', a.value, signed, x));
  const whole = builder.pin(unary('i32.trunc_sat_f64_s', x));
  return number(
    builder.pin({
      op: 'choose',
      type: 'f64',
      condition: binary('f64.eq', unary('f64.convert_i32_s', whole), x),
      a: wholeRemainder('i32', whole, signed, x),
      b: call(modulo(ctx), x, double(b)),
    }),
  );
}

const wholeRemainder = (type: 'i32' | 'i64', a: Expression, b: Expression, sign: Expression): Expression =>
  binary('f64.copysign', unary(`f64.convert_${type}_s`, binary(`${type}.rem_s`, a, b)), sign);

/** The helper for any `a % b`: in integers of 32 or 64 bits where both are such, else JavaScript's own. */
function modulo({ module }: LowerContext): DefinedFunction {
  const [a, b] = [local('f64', 'a'), local('f64', 'b')];
  return module.helper('mod', [a, b], 'f64', (fn) => {
    const { builder } = helperContext(module, fn);
    for (const type of ['i32', 'i64'] as const) {
      const [x, y] = [a, b].map((of) => builder.pin(unary(`${type}.trunc_sat_f64_s`, get(of)), type)) as [
        Expression,
        Expression,
      ];
      const exact = [
        binary('f64.eq', unary(`f64.convert_${type}_s`, x), get(a)),
        binary('f64.eq', unary(`f64.convert_${type}_s`, y), get(b)),
        unary('i32.eqz', unary(`${type}.eqz`, y)),
        // 2^63 comes out as 2^63 - 1, which is 2^63 again as a double.
        ...(type === 'i32'
          ? []
          : [a, b].map((of) => binary('f64.lt', unary('f64.abs', get(of)), f64(2 ** 63)))),
      ].reduce((all, one) => binary('i32.and', all, one));
      builder.when(exact, [{ op: 'return', value: wholeRemainder(type, x, y, get(a)) }]);
    }
    builder.add({
      op: 'return',
      value: call(module.importFunction(...doubleImport('%', 2)), get(a), get(b)),
    });
  });
}
