// Operands: what a JavaScript value is while a function is lowered. Their kinds are known; what they hold may be computed.
//
// What only exists while the compiler runs (functions, literals of records and tuples, namespaces) costs nothing in the
// module: a literal's fields are cells, which are locals at most; memory is written only where a record is stored.
import type { FieldType, Struct } from '../../schema/index.js';
import type { FunctionNode } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import type { Expression } from './ir.js';

/** Something that holds an operand and may be given another: a variable, a field of a literal. See environment.ts. */
export interface Cell {
  /** For the names of locals. */
  readonly name: string;
  /** What it holds where paths meet that differ in it, if that can be told anywhere. */
  readonly canonical?: () => Operand;
}

/**
 * A number. `i32` and `u32` are integers in an i32 (signed, unsigned), never -0; the value is converted where an operation
 * needs a double.
 */
export interface NumberOperand {
  readonly kind: 'number';
  readonly rep: 'f64' | 'i32' | 'u32';
  readonly value: Expression;
  /** Where it is known to the compiler. */
  readonly constant?: number;
  /** It is an integer from 0 to one less than this, and not in a double. */
  readonly below?: number;
}

/** `true` or `false`, as an i32 that is 1 or 0. */
export interface BoolOperand {
  readonly kind: 'bool';
  readonly value: Expression;
  readonly constant?: boolean;
}

/**
 * A bigint in an i64. `i64` and `u64` are exact and in that range; `modular` is known modulo 2^64 only (a sum, difference
 * or product), to be stored, or given to `BigInt.asIntN(64, …)` and `asUintN(64, …)`; `bare` is a constant of any size.
 */
export interface BigintOperand {
  readonly kind: 'bigint';
  readonly type: 'i64' | 'u64' | 'modular' | 'bare';
  readonly value: Expression;
  readonly constant?: bigint;
}

/** A text, by its number in the text table. `constant` is a text of the code; its number is an imported global. */
export interface TextOperand {
  readonly kind: 'text';
  readonly value: Expression;
  readonly constant?: string;
}

/** `undefined` or `null`. */
export interface NilOperand {
  readonly kind: 'nil';
  readonly value: undefined | null;
}

/** A record in memory, by reference: what is stored there later shows. */
export interface RecordOperand {
  readonly kind: 'record';
  readonly struct: Struct;
  /** Its byte address, without effects. */
  readonly address: Expression;
  /** Bytes to be added. */
  readonly offset: number;
}

/** An array of a record in memory, by reference. */
export interface ArrayOperand {
  readonly kind: 'array';
  readonly type: Extract<FieldType, { kind: 'array' }>;
  readonly address: Expression;
  readonly offset: number;
}

/** An object literal: its fields are cells, in the order in which they were first written. Compared by identity. */
export interface ObjectOperand {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, Cell>;
}

/** An array literal of constant length. Compared by identity. */
export interface TupleOperand {
  readonly kind: 'tuple';
  readonly elements: readonly Cell[];
  /** It stands for a fixed array of a record, which has no elements out of range. */
  readonly fixed?: boolean;
}

/** A plain array, typed array or object of constants that `using` or a definition's `constants` gave. */
export interface ConstantOperand {
  readonly kind: 'constant';
  readonly of: object;
}

/** A function of the code, or of `using`, to be inlined where it is called. */
export interface ClosureOperand {
  readonly kind: 'closure';
  readonly source: ParsedFunction;
  readonly node: FunctionNode;
  /** The variables around it; undefined for a function as it was given. */
  readonly scope: unknown;
  /** What its last parameter is when it declares more than it is passed. */
  readonly using?: Operand | undefined;
  /** What becomes of its result, where the operator keeps it as a record. */
  readonly box?: ((result: Operand) => Operand) | undefined;
}

/** An operation that the compiler knows: `emit`, `state.set`, `same`, `Math.max`, …. */
export interface KnownOperand {
  readonly kind: 'known';
  readonly name: string;
  call(args: readonly Operand[]): Operand;
}

/** `Math`, `Number`, the state's handle, the scope of a step, what `using` gives: members that the compiler knows. */
export interface NamespaceOperand {
  readonly kind: 'namespace';
  readonly name: string;
  /** Undefined where there is no such member. */
  member(name: string): Operand | undefined;
  /** The cell of a member whose value tests tell more of. */
  cell?(name: string): Cell | undefined;
  /** The names of its members, for spread. */
  readonly members?: readonly string[];
}

/** One of several, decided while the stage runs: `tag` is the index, and all alternatives differ in kind or meaning. */
export interface UnionOperand {
  readonly kind: 'union';
  readonly tag: Expression;
  readonly alternatives: readonly SingleOperand[];
}

export type SingleOperand =
  | NumberOperand
  | BoolOperand
  | BigintOperand
  | TextOperand
  | NilOperand
  | RecordOperand
  | ArrayOperand
  | ObjectOperand
  | TupleOperand
  | ConstantOperand
  | ClosureOperand
  | KnownOperand
  | NamespaceOperand;

export type Operand = SingleOperand | UnionOperand;

export const UNDEFINED: NilOperand = { kind: 'nil', value: undefined };
export const NULL: NilOperand = { kind: 'nil', value: null };
