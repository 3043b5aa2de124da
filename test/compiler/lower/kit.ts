// Compiles small functions from operands to an operand, and runs them.
import { encode } from '../../../src/compiler/emit-wasm/encode.js';
import { Builder, NotCompilable } from '../../../src/compiler/lower/builder.js';
import type { JoiningContext } from '../../../src/compiler/lower/coerce.js';
import { type LowerContext, ModuleParts, plainMemory } from '../../../src/compiler/lower/context.js';
import { type FailureKind, raise } from '../../../src/compiler/lower/failures.js';
import { constantOperand, type Place } from '../../../src/compiler/lower/fields.js';
import { importedOperation } from '../../../src/compiler/lower/imports.js';
import {
  call,
  type DefinedFunction,
  type Expression,
  f64,
  get,
  local,
  type ValueType,
} from '../../../src/compiler/lower/ir.js';
import { double } from '../../../src/compiler/lower/numbers.js';
import type { Cell, Operand, RecordOperand } from '../../../src/compiler/lower/operand.js';
import { refuse } from '../../../src/compiler/lower/reasons.js';

import type { Struct } from '../../../src/schema/index.js';
import type { Ground } from '../../schema/harness.js';

/** What a parameter of a function is. */
export type Kind = 'f64' | 'i32' | 'u32' | 'bool' | 'i64' | 'u64' | 'modular' | 'text' | 'address';

const TYPES: Readonly<Record<Kind, ValueType>> = {
  f64: 'f64',
  i32: 'i32',
  u32: 'i32',
  bool: 'i32',
  text: 'i32',
  address: 'i32',
  i64: 'i64',
  u64: 'i64',
  modular: 'i64',
};

function operandOf(kind: Kind, value: Expression): Operand {
  switch (kind) {
    case 'f64':
    case 'i32':
    case 'u32':
      return { kind: 'number', rep: kind, value };
    case 'address':
      return { kind: 'number', rep: 'u32', value };
    case 'bool':
    case 'text':
      return { kind, value };
    default:
      return { kind: 'bigint', type: kind, value };
  }
}

/** Texts of the code have these numbers. */
export const textNumber = (text: string): number => (text === '' ? 0 : 1000 + text.length);

export interface Compiled {
  /** A bigint known modulo 2^64 comes out as an unsigned one. */
  (...args: unknown[]): unknown;
  readonly bytes: number;
}

/** A context of its own, whose cells never meet. */
export function contextOf(module: ModuleParts, builder: Builder): JoiningContext {
  const cells = new Map<Cell, Operand>();
  return {
    module,
    builder,
    ...plainMemory(builder),
    read: (cell) => cells.get(cell) as Operand,
    cell(name, value) {
      const cell = { name };
      cells.set(cell, value);
      return cell;
    },
    each: (operand, operation) =>
      operand.kind === 'union' ? refuse('paths are joined') : operation(operand),
    fail(kind, ...details) {
      const failed = module.importFunction(
        `fail ${kind} ${details.length}`,
        Array(details.length).fill('f64'),
        undefined,
      );
      builder.add({ op: 'run', call: call(failed, ...details) });
      builder.add({ op: 'unreachable' });
    },
  };
}

/** The record at a byte address that a parameter of kind `address` gives. */
export function recordAt(struct: Struct, at: Operand | undefined): RecordOperand {
  if (at?.kind !== 'number') throw new Error('not an address');
  return { kind: 'record', struct, address: at.value, offset: 0 };
}

/** The place of a whole record. */
export const placeOf = (struct: Struct, at: Operand | undefined): Place => ({
  ...recordAt(struct, at),
  type: { kind: 'struct', struct },
});

/** A number of which the compiler knows nothing. */
export function hidden({ builder }: LowerContext, value: number): Operand {
  const local = builder.variable('f64', 'hidden');
  builder.set(local, f64(value));
  return { kind: 'number', rep: 'f64', value: get(local) };
}

/** A literal of objects and arrays, in cells; its numbers are what `number` makes of them. */
export function literal(
  ctx: LowerContext,
  value: unknown,
  number: (ctx: LowerContext, value: number) => Operand = constantOperand,
): Operand {
  if (typeof value === 'number') return number(ctx, value);
  if (Array.isArray(value))
    return { kind: 'tuple', elements: value.map((one, i) => ctx.cell(String(i), literal(ctx, one, number))) };
  if (typeof value !== 'object' || value === null) return constantOperand(ctx, value);
  const fields = Object.entries(value).map(
    ([name, one]) => [name, ctx.cell(name, literal(ctx, one, number))] as const,
  );
  return { kind: 'object', fields: new Map(fields) };
}

/** Where scratch memory lies, in bytes. */
export const SCRATCH = 2 * 1024 * 1024;

/** The function whose parameters are of some kinds, and whose result `build` makes of them. */
export function compile(
  kinds: readonly Kind[],
  build: (ctx: JoiningContext, ...operands: Operand[]) => Operand | undefined,
  ground?: Ground,
): Compiled {
  const memory = ground?.memory.wasm ?? new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const pages = memory.buffer.byteLength / 65_536;
  const parts = new ModuleParts();
  const builder = new Builder();
  const params = kinds.map((kind, i) => local(TYPES[kind], `p${i}`));
  const operand = build(
    contextOf(parts, builder),
    ...params.map((param, i) => operandOf(kinds[i] as Kind, get(param))),
  );
  const [type, value, read] = resultOf(operand);
  if (value !== undefined) builder.add({ op: 'return', value });
  const fn: DefinedFunction = { kind: 'defined', name: 'f', params, result: type, body: builder.here };
  const bytes = encode({
    name: 'test',
    memory: { shared: ground?.memory.shared ?? false, initialPages: pages, maximumPages: pages },
    functions: [...parts.helpers, fn],
    exports: new Map([['f', fn]]),
  });
  const module = new WebAssembly.Module(bytes);
  const env: Record<string, WebAssembly.ImportValue> = { memory, scratch: SCRATCH };
  for (const [text, { name }] of parts.texts) env[name] = ground?.texts.intern(text) ?? textNumber(text);
  for (const { name } of WebAssembly.Module.imports(module)) {
    const [, kind] = /^fail (\w+)/.exec(name) ?? [];
    if (kind !== undefined) env[name] = (a = 0, b = 0) => raise(kind as FailureKind, a, b);
    env[name] ??= importedOperation(name) as (...args: number[]) => number;
  }
  const { f } = new WebAssembly.Instance(module, { env }).exports as { f: (...args: unknown[]) => unknown };
  return Object.assign((...args: unknown[]) => read(f(...args)), { bytes: bytes.length });
}

type Result = [
  type: ValueType | undefined,
  value: Expression | undefined,
  read: (result: unknown) => unknown,
];

function resultOf(operand: Operand | undefined): Result {
  switch (operand?.kind) {
    case 'number':
      return ['f64', double(operand), (result) => result];
    case 'bool':
      return ['i32', operand.value, (result) => (result === 0 || result === 1 ? result === 1 : result)];
    case 'text':
      return ['i32', operand.value, (result) => result];
    case 'bigint': {
      const { type, value, constant } = operand;
      if (constant !== undefined) return [undefined, undefined, () => constant];
      return ['i64', value, (result) => (type === 'i64' ? result : BigInt.asUintN(64, result as bigint))];
    }
    case 'nil':
      return [undefined, undefined, () => operand.value];
    default:
      return [undefined, undefined, () => undefined];
  }
}

/** Doubles that are easily got wrong. */
export const DOUBLES: readonly number[] = [
  0,
  0.1,
  0.49999999999999994,
  0.5,
  0.7,
  1,
  1.5,
  2,
  2.5,
  3,
  7,
  10,
  255,
  1000,
  65_536.5,
  5e-324,
  2.2250738585072014e-308,
  2 ** 24 + 1,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 31 + 0.5,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 32 + 1,
  4_503_599_627_370_495.5,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 62 + 2 ** 40,
  2 ** 63,
  2 ** 63 - 1024,
  2 ** 63 + 2 ** 33,
  2 ** 64,
  2 ** 64 - 2048,
  2 ** 64 + 2 ** 20,
  1.7e30,
  2 ** 83 + 2 ** 31,
  1e300,
  Number.MAX_VALUE,
  Number.POSITIVE_INFINITY,
]
  .flatMap((x) => [x, -x])
  .concat(Number.NaN);

export const INTS: readonly number[] = [
  0,
  1,
  -1,
  2,
  3,
  -3,
  10,
  31,
  32,
  255,
  1000,
  -1000,
  65_536,
  2 ** 31 - 1,
  -(2 ** 31),
  1_000_003,
];
export const UINTS: readonly number[] = [
  0,
  1,
  2,
  3,
  7,
  33,
  1000,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  3_000_000_001,
];

export const I64S: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n,
  -3n,
  63n,
  64n,
  1000n,
  2n ** 31n,
  2n ** 32n + 5n,
  -(2n ** 53n) - 1n,
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
export const U64S: readonly bigint[] = [
  0n,
  1n,
  2n,
  3n,
  63n,
  64n,
  1000n,
  2n ** 32n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** Values that a parameter of a kind may have. */
export const VALUES: Readonly<Record<'f64' | 'i32' | 'u32' | 'bool' | 'i64' | 'u64', readonly unknown[]>> = {
  f64: DOUBLES,
  i32: INTS,
  u32: UINTS,
  bool: [false, true],
  i64: I64S,
  u64: U64S,
};

/** Which pairs of values of two lists an operation gets wrong; at most five. */
export function wrong(
  left: readonly unknown[],
  right: readonly unknown[],
  got: (a: unknown, b: unknown) => unknown,
  expected: (a: never, b: never) => unknown,
): unknown[] {
  const found: unknown[] = [];
  for (const a of left) {
    for (const b of right) {
      const [is, should] = [resultOrError(got, a, b), resultOrError(expected, a, b)];
      if (!Object.is(is, should)) found.push({ a, b, is, should });
    }
  }
  return found.slice(0, 5);
}

function resultOrError(operation: (a: never, b: never) => unknown, a: unknown, b: unknown): unknown {
  try {
    return operation(a as never, b as never);
  } catch (error) {
    return String(error);
  }
}

/** What an operation makes of operands that are known to the compiler, without running anything. */
export function evaluate(build: (ctx: JoiningContext) => Operand): unknown {
  const operand = build(contextOf(new ModuleParts(), new Builder()));
  if (operand.kind === 'nil') return operand.value;
  return 'constant' in operand ? operand.constant : operand;
}

/** Why operands can't be compiled; undefined if they can. */
export function refusal(
  kinds: readonly Kind[],
  build: (ctx: JoiningContext, ...operands: Operand[]) => Operand | undefined,
): string | undefined {
  try {
    compile(kinds, build);
    return undefined;
  } catch (error) {
    if (error instanceof NotCompilable) return error.reason;
    throw error;
  }
}
