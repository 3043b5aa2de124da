// The operators of the language on operands.
import { bigintConstant, bigintOperator, inverted, negated } from './bigints.js';
import { comparison } from './compare.js';
import type { LowerContext } from './context.js';
import { binary, i32, unary } from './ir.js';
import { arithmetic, double, number, numberConstant, toBits, toNumber } from './numbers.js';
import { type Operand, type TextOperand, UNDEFINED } from './operand.js';
import { refuse } from './reasons.js';
import { not, truth, typeName } from './truth.js';

/** A text of the code. */
export const textConstant = ({ module }: LowerContext, constant: string): TextOperand => ({
  kind: 'text',
  value: module.text(constant),
  constant,
});

/** `a operator b`; logical operators, which don't always evaluate both, are not among them. */
export function binaryOperator(ctx: LowerContext, operator: string, a: Operand, b: Operand): Operand {
  const compared = comparison(ctx.builder, operator, a, b);
  if (compared !== undefined) return compared;
  if (operator === '+' && (mayBe('text', a) || mayBe('text', b))) {
    if (a.kind === 'text' && b.kind === 'text' && a.constant !== undefined && b.constant !== undefined)
      return textConstant(ctx, a.constant + b.constant);
    return refuse('`+` of texts makes a new string');
  }
  if (a.kind === 'bigint' && b.kind === 'bigint') return bigintOperator(ctx, operator, a, b);
  if (mayBe('bigint', a) || mayBe('bigint', b))
    return refuse(`\`${operator}\` is given a bigint together with what may be none`);
  return arithmetic(ctx, operator, a, b);
}

function mayBe(kind: Operand['kind'], operand: Operand): boolean {
  return operand.kind === 'union'
    ? operand.alternatives.some((alternative) => alternative.kind === kind)
    : operand.kind === kind;
}

/** `operator a`. */
export function unaryOperator(ctx: LowerContext, operator: string, a: Operand): Operand {
  switch (operator) {
    case '!':
      return not(truth(a));
    case 'typeof':
      return typeOf(ctx, a);
    case 'void':
      return UNDEFINED;
    case '+':
      return toNumber(a);
    case '-': {
      if (a.kind === 'bigint') return negated(a);
      const x = toNumber(a);
      return x.constant === undefined ? number(unary('f64.neg', double(x))) : numberConstant(-x.constant);
    }
    case '~': {
      if (a.kind === 'bigint') return inverted(a);
      const x = toNumber(a);
      if (x.constant !== undefined) return numberConstant(~x.constant);
      return number(binary('i32.xor', toBits(ctx.builder, x), i32(-1)), 'i32');
    }
    default:
      return refuse(`\`${operator}\` is not known to the compiler`);
  }
}

/** What `x++` is worth: the number or bigint that x was. */
export const toNumeric = (a: Operand): Operand => (a.kind === 'bigint' ? a : toNumber(a));

/** What `++` and `--` make of a number or bigint. */
export const stepped = (ctx: LowerContext, operator: '++' | '--', a: Operand): Operand =>
  binaryOperator(
    ctx,
    operator === '++' ? '+' : '-',
    toNumeric(a),
    a.kind === 'bigint' ? bigintConstant(1n) : numberConstant(1),
  );

function typeOf(ctx: LowerContext, a: Operand): TextOperand {
  if (a.kind !== 'union') return textConstant(ctx, typeName(a));
  const [first, ...rest] = a.alternatives.map((alternative) => textConstant(ctx, typeName(alternative)));
  return rest.reduce(
    (text, other, i) =>
      text.constant !== undefined && text.constant === other.constant
        ? text
        : {
            kind: 'text',
            value: {
              op: 'select',
              type: 'i32',
              condition: binary('i32.gt_u', a.tag, i32(i)),
              a: other.value,
              b: text.value,
            },
          },
    first as TextOperand,
  );
}
