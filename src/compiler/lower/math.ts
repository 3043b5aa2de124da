// `Math`: WebAssembly's own instructions where they have JavaScript's semantics, else JavaScript's functions.
import type { Builder } from './builder.js';
import type { LowerContext } from './context.js';
import { type BinaryOp, binary, type Expression, f64, type UnaryOp, unary } from './ir.js';
import { double, imported, inCommonRep, number, numberConstant, toBits, toNumber } from './numbers.js';
import type { KnownOperand, NamespaceOperand, NumberOperand, Operand } from './operand.js';
import { refuse } from './reasons.js';

const functions = Math as unknown as Readonly<Record<string, unknown>>;

/** Functions of one double that are instructions, or a few. */
const NATIVE: { readonly [name: string]: (x: Expression, builder: Builder) => Expression } = {
  ...Object.fromEntries(
    ['abs', 'ceil', 'floor', 'sqrt', 'trunc'].map((name) => [
      name,
      (x: Expression) => unary(`f64.${name}` as UnaryOp, x),
    ]),
  ),
  fround: (x) => unary('f64.promote_f32', unary('f32.demote_f64', x)),
  // The next whole number, or the one before it where that is nearer.
  round(x, builder) {
    const exact = builder.pin(x);
    const up = builder.pin(unary('f64.ceil', exact));
    const isFar = binary('f64.gt', binary('f64.sub', up, f64(0.5)), exact);
    return binary('f64.sub', up, unary('f64.convert_i32_u', isFar));
  },
  sign(x, builder) {
    const exact = builder.pin(x);
    const isNonzero = binary('f64.gt', unary('f64.abs', exact), f64(0));
    return {
      op: 'select',
      type: 'f64',
      condition: isNonzero,
      a: binary('f64.copysign', f64(1), exact),
      b: exact,
    };
  },
};

/** Those that leave integers as they are. */
const WHOLE = ['ceil', 'floor', 'round', 'trunc'];

/** `Math.min` and `Math.max` of two numbers. */
function extreme(name: 'min' | 'max', builder: Builder, a: NumberOperand, b: NumberOperand): NumberOperand {
  const same = inCommonRep(a, b);
  if (same === undefined) return number(binary(`f64.${name}`, double(a), double(b)));
  const { rep } = same;
  const [x, y] = [builder.pin(same.a), builder.pin(same.b)];
  const compare: BinaryOp = `i32.${name === 'min' ? 'lt' : 'gt'}_${rep === 'i32' ? 's' : 'u'}`;
  return number({ op: 'select', type: 'i32', condition: binary(compare, x, y), a: x, b: y }, rep);
}

function callMath(ctx: LowerContext, name: string, operands: readonly Operand[]): NumberOperand {
  const { builder } = ctx;
  const fn = functions[name] as (...args: number[]) => number;
  if (name === 'sumPrecise') return refuse('Math.sumPrecise takes a list of any length');
  const isVariadic = name === 'min' || name === 'max' || name === 'hypot';
  const args = operands.slice(0, isVariadic ? undefined : fn.length).map(toNumber);
  while (!isVariadic && args.length < fn.length) args.push(numberConstant(Number.NaN));
  const constants = args.map((arg) => arg.constant).filter((constant) => constant !== undefined);
  if (constants.length === args.length && name !== 'random') return numberConstant(fn(...constants));
  const [a, b] = args as [NumberOperand, NumberOperand];
  switch (name) {
    case 'min':
    case 'max':
      return args.reduce((x, y) => extreme(name, builder, x, y));
    case 'clz32':
      return number(unary('i32.clz', toBits(builder, a)), 'i32');
    case 'imul':
      return number(binary('i32.mul', toBits(builder, a), toBits(builder, b)), 'i32');
  }
  if (a !== undefined && a.rep !== 'f64' && WHOLE.includes(name)) return a;
  const native = NATIVE[name];
  return native === undefined
    ? imported(ctx, `Math.${name}`, args.map(double))
    : number(native(double(a), builder));
}

/** `Math` itself. */
export function mathNamespace(ctx: LowerContext): NamespaceOperand {
  return {
    kind: 'namespace',
    name: 'Math',
    member(name): NumberOperand | KnownOperand | undefined {
      const found = Object.hasOwn(Math, name) ? functions[name] : undefined;
      if (typeof found === 'number') return numberConstant(found);
      if (typeof found !== 'function') return undefined;
      return { kind: 'known', name: `Math.${name}`, call: (args) => callMath(ctx, name, args) };
    },
  };
}
