// The intermediate representation: functions of typed expression trees and structured statements, close to WebAssembly.
//
// Expressions have no effects and can be put anywhere where their locals hold what they mean; loads and calls do have, or
// depend on, effects, and are bound to a local where they happen (see builder.ts). Everything is in bytes: addresses are
// i32 byte addresses, taken as unsigned.

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64';

/** A parameter or local of one function. Locals are declared by being used. */
export interface Local {
  readonly kind: 'local';
  readonly type: ValueType;
  /** For readers of the module's text; need not be unique. */
  readonly name: string;
}

/** A global: imported if it has no initial value. */
export interface Global {
  readonly kind: 'global';
  readonly type: ValueType;
  readonly name: string;
  readonly mutable: boolean;
  readonly initial?: number | bigint;
}

/** A function of JavaScript that the module calls, imported from `env`. */
export interface ImportedFunction {
  readonly kind: 'imported';
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly result: ValueType | undefined;
}

/** A function of the module. */
export interface DefinedFunction {
  readonly kind: 'defined';
  readonly name: string;
  readonly params: readonly Local[];
  readonly result: ValueType | undefined;
  /** With a result, every way through it ends in `return` or `unreachable`. */
  readonly body: Statement[];
}

export type Callee = ImportedFunction | DefinedFunction;

/** Operations with one operand, by their WebAssembly names. */
export type UnaryOp =
  | 'i32.eqz'
  | 'i32.clz'
  | 'i32.ctz'
  | 'i32.popcnt'
  | 'i32.wrap_i64'
  | 'i32.trunc_sat_f64_s'
  | 'i32.trunc_sat_f64_u'
  | 'i32.reinterpret_f32'
  | 'i32.extend8_s'
  | 'i32.extend16_s'
  | 'i64.eqz'
  | 'i64.extend_i32_s'
  | 'i64.extend_i32_u'
  | 'i64.trunc_sat_f64_s'
  | 'i64.trunc_sat_f64_u'
  | 'i64.reinterpret_f64'
  | 'f32.demote_f64'
  | 'f32.reinterpret_i32'
  | 'f64.abs'
  | 'f64.neg'
  | 'f64.ceil'
  | 'f64.floor'
  | 'f64.trunc'
  | 'f64.nearest'
  | 'f64.sqrt'
  | 'f64.convert_i32_s'
  | 'f64.convert_i32_u'
  | 'f64.convert_i64_s'
  | 'f64.convert_i64_u'
  | 'f64.promote_f32'
  | 'f64.reinterpret_i64';

type IntegerBinary =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div_s'
  | 'div_u'
  | 'rem_s'
  | 'rem_u'
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'shr_s'
  | 'shr_u'
  | 'rotl'
  | 'rotr'
  | 'eq'
  | 'ne'
  | 'lt_s'
  | 'lt_u'
  | 'gt_s'
  | 'gt_u'
  | 'le_s'
  | 'le_u'
  | 'ge_s'
  | 'ge_u';
type FloatBinary =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'min'
  | 'max'
  | 'copysign'
  | 'eq'
  | 'ne'
  | 'lt'
  | 'gt'
  | 'le'
  | 'ge';

/** Operations with two operands, by their WebAssembly names. */
export type BinaryOp =
  | `i32.${IntegerBinary}`
  | `i64.${IntegerBinary}`
  | `f64.${FloatBinary}`
  | `f32.${'eq' | 'ne'}`;

export type LoadOp =
  | 'i32.load'
  | 'i32.load8_s'
  | 'i32.load8_u'
  | 'i32.load16_s'
  | 'i32.load16_u'
  | 'i64.load'
  | 'f32.load'
  | 'f64.load';

export type StoreOp = 'i32.store' | 'i32.store8' | 'i32.store16' | 'i64.store' | 'f32.store' | 'f64.store';

export type Expression =
  | { readonly op: 'const'; readonly type: ValueType; readonly value: number | bigint }
  | { readonly op: 'get'; readonly of: Local | Global }
  | { readonly op: 'unary'; readonly code: UnaryOp; readonly a: Expression }
  | { readonly op: 'binary'; readonly code: BinaryOp; readonly a: Expression; readonly b: Expression }
  /** `condition ? a : b`, both evaluated. */
  | {
      readonly op: 'select';
      readonly type: ValueType;
      readonly condition: Expression;
      readonly a: Expression;
      readonly b: Expression;
    }
  /** `condition ? a : b`, only one evaluated. */
  | {
      readonly op: 'choose';
      readonly type: ValueType;
      readonly condition: Expression;
      readonly a: Expression;
      readonly b: Expression;
    }
  | { readonly op: 'load'; readonly code: LoadOp; readonly address: Expression; readonly offset: number }
  | { readonly op: 'call'; readonly callee: Callee; readonly args: readonly Expression[] };

/** Where `break` leads: behind a block, or to the start of a loop. Compared by identity. */
export interface Label {
  readonly name: string;
}

export type Statement =
  | { readonly op: 'set'; readonly to: Local | Global; readonly value: Expression }
  | {
      readonly op: 'store';
      readonly code: StoreOp;
      readonly address: Expression;
      readonly offset: number;
      readonly value: Expression;
    }
  /** Evaluates a call for its effects; a result is dropped. */
  | { readonly op: 'run'; readonly call: Expression }
  | {
      readonly op: 'if';
      readonly condition: Expression;
      readonly consequent: Statement[];
      readonly alternate: Statement[];
    }
  | { readonly op: 'block'; readonly label: Label; readonly body: Statement[] }
  /** Ends when its body does; `break` to its label starts it anew. */
  | { readonly op: 'loop'; readonly label: Label; readonly body: Statement[] }
  | { readonly op: 'break'; readonly label: Label; readonly condition?: Expression }
  /** `memory.copy`, in bytes. */
  | {
      readonly op: 'copy';
      readonly to: Expression;
      readonly from: Expression;
      readonly bytes: Expression;
    }
  | { readonly op: 'return'; readonly value?: Expression }
  | { readonly op: 'unreachable' }
  /** Says something to readers of the module's text; nothing in the binary. */
  | { readonly op: 'comment'; readonly text: string };

/** A module over one imported memory (`env.memory`). */
export interface Module {
  readonly name: string;
  readonly memory: { readonly shared: boolean; readonly initialPages: number; readonly maximumPages: number };
  /** Defined functions, in the order in which they shall stand; imports and globals are found by their use. */
  readonly functions: readonly DefinedFunction[];
  /** What JavaScript sees, by name. */
  readonly exports: ReadonlyMap<string, DefinedFunction | Global>;
}

/** The type of an expression's value; undefined for a call without one. */
export function typeOf(expression: Expression): ValueType | undefined {
  switch (expression.op) {
    case 'const':
    case 'select':
    case 'choose':
      return expression.type;
    case 'get':
      return expression.of.type;
    case 'unary':
      return expression.code.slice(0, 3) as ValueType;
    case 'binary':
      return /\.(eq|ne|lt|gt|le|ge)/.test(expression.code)
        ? 'i32'
        : (expression.code.slice(0, 3) as ValueType);
    case 'load':
      return expression.code.slice(0, 3) as ValueType;
    case 'call':
      return expression.callee.result;
  }
}

export const local = (type: ValueType, name: string): Local => ({ kind: 'local', type, name });
export const get = (of: Local | Global): Expression => ({ op: 'get', of });
export const i32 = (value: number): Expression => ({ op: 'const', type: 'i32', value: value | 0 });
export const i64 = (value: bigint): Expression => ({
  op: 'const',
  type: 'i64',
  value: BigInt.asIntN(64, value),
});
export const f64 = (value: number): Expression => ({ op: 'const', type: 'f64', value });
export const unary = (code: UnaryOp, a: Expression): Expression => ({ op: 'unary', code, a });
export const binary = (code: BinaryOp, a: Expression, b: Expression): Expression => ({
  op: 'binary',
  code,
  a,
  b,
});
export const call = (callee: Callee, ...args: Expression[]): Expression => ({ op: 'call', callee, args });
