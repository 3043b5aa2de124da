// The globals that compiled functions may use: Math, Number, BigInt, Boolean, String, Object and the functions beside them.
import { asWidth, bigintOf, numberOf } from './bigints.js';
import { objectIs } from './compare.js';
import type { LowerContext } from './context.js';
import { binary, type Expression, f64, unary } from './ir.js';
import { mathNamespace } from './math.js';
import { imported, numberConstant, toNumber } from './numbers.js';
import {
  type BoolOperand,
  type KnownOperand,
  type NamespaceOperand,
  type NumberOperand,
  type Operand,
  UNDEFINED,
} from './operand.js';
import { textConstant } from './operators.js';
import { describeOperand, refuse } from './reasons.js';
import { anyOf, bool, boolConstant, both, truth } from './truth.js';

type Operation = (ctx: LowerContext, args: readonly Operand[]) => Operand;

const argument = (args: readonly Operand[], i = 0): Operand => args[i] ?? UNDEFINED;

/** Tests of doubles; `x` is used more than once. */
const TESTS: { readonly [name: string]: (x: Expression) => BoolOperand } = {
  isNaN: (x) => bool(binary('f64.ne', x, x)),
  isFinite: (x) => bool(binary('f64.eq', binary('f64.sub', x, x), f64(0))),
  isInteger: (x) => bool(binary('f64.eq', binary('f64.sub', x, unary('f64.trunc', x)), f64(0))),
  isSafeInteger: (x) =>
    both(
      (TESTS['isInteger'] as (x: Expression) => BoolOperand)(x),
      bool(binary('f64.le', unary('f64.abs', x), f64(Number.MAX_SAFE_INTEGER))),
    ),
};

function test(ctx: LowerContext, name: string, x: NumberOperand): BoolOperand {
  const { constant, rep, value } = x;
  if (constant !== undefined) return boolConstant(Number[name as 'isNaN'](constant));
  if (rep !== 'f64') return boolConstant(name !== 'isNaN');
  return (TESTS[name] as (x: Expression) => BoolOperand)(ctx.builder.pin(value));
}

/** `Number.isNaN` and its like: false of all that is no number. */
function testAny(ctx: LowerContext, name: string, operand: Operand): BoolOperand {
  if (operand.kind === 'union') return anyOf(operand, (alternative) => testAny(ctx, name, alternative));
  return operand.kind === 'number' ? test(ctx, name, operand) : boolConstant(false);
}

function convert(operand: Operand): NumberOperand {
  return operand.kind === 'bigint' ? numberOf(operand) : toNumber(operand);
}

function asText(ctx: LowerContext, operand: Operand): Operand {
  if (operand.kind === 'text') return operand;
  if (operand.kind === 'nil') return textConstant(ctx, String(operand.value));
  return refuse(`String(…) of ${describeOperand(operand)} makes a new string`);
}

const clock =
  (name: string): Operation =>
  (ctx) =>
    imported(ctx, name, []);

/** The members of namespaces; `()` is the namespace called itself. */
const NAMESPACES: { readonly [name: string]: { readonly [member: string]: Operation } } = {
  Number: {
    '()': (_, args) => (args.length === 0 ? numberConstant(0) : convert(argument(args))),
    ...Object.fromEntries(
      Object.keys(TESTS).map((name): [string, Operation] => [
        name,
        (ctx, args) => testAny(ctx, name, argument(args)),
      ]),
    ),
  },
  BigInt: {
    '()': (ctx, args) => bigintOf(ctx, argument(args)),
    asIntN: (_, args) => asWidth(true, args[0], argument(args, 1)),
    asUintN: (_, args) => asWidth(false, args[0], argument(args, 1)),
  },
  Boolean: { '()': (_, args) => truth(argument(args)) },
  String: { '()': (ctx, args) => (args.length === 0 ? textConstant(ctx, '') : asText(ctx, argument(args))) },
  Object: { is: (ctx, args) => objectIs(ctx.builder, argument(args), argument(args, 1)) },
  Date: { now: clock('Date.now') },
  performance: { now: clock('performance.now') },
};

/** Functions that are globals themselves. */
const FUNCTIONS: { readonly [name: string]: Operation } = {
  isNaN: (ctx, args) => test(ctx, 'isNaN', toNumber(argument(args))),
  isFinite: (ctx, args) => test(ctx, 'isFinite', toNumber(argument(args))),
};

/** What a global is; undefined for those that don't compile. */
export function globalOperand(ctx: LowerContext, name: string): Operand | undefined {
  if (name === 'undefined') return UNDEFINED;
  if (name === 'NaN') return numberConstant(Number.NaN);
  if (name === 'Infinity') return numberConstant(Number.POSITIVE_INFINITY);
  if (name === 'Math') return mathNamespace(ctx);
  const own = ownMember(FUNCTIONS, name);
  if (own !== undefined) return known(ctx, name, own);
  const members = ownMember(NAMESPACES, name);
  return members === undefined ? undefined : namespace(ctx, name, members);
}

const ownMember = <T>(of: { readonly [name: string]: T }, name: string): T | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined;

const known = (ctx: LowerContext, name: string, operation: Operation): KnownOperand => ({
  kind: 'known',
  name,
  call: (args) => operation(ctx, args),
});

function namespace(
  ctx: LowerContext,
  name: string,
  members: { readonly [member: string]: Operation },
): NamespaceOperand {
  return {
    kind: 'namespace',
    name,
    member(member) {
      const operation = ownMember(members, member);
      if (operation !== undefined) return known(ctx, `${name}.${member}`, operation);
      if (name !== 'Number') return undefined;
      const constant: unknown = Number[member as 'EPSILON'];
      return typeof constant === 'number' ? numberConstant(constant) : undefined;
    },
  };
}
