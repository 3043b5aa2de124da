// Functions as abstract values: closures of the code at hand, and operations that the compiler knows.
import type { FunctionNode, Node } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import type { Activation } from './activation.js';
import type { Namespace, Value } from './value.js';

/** A call, as seen by what is called. */
export interface Call {
  readonly caller: Activation;
  readonly node: Node;
  readonly args: readonly Value[];
  /** The nodes of the arguments; absent where the compiler itself calls. */
  readonly argNodes: readonly Node[];
  /** Whether it may happen more than once in a step. */
  readonly repeated: boolean;
}

export type FunctionValue = ClosureValue | KnownValue;

/** A function of the step's or user's code. */
export interface ClosureValue {
  readonly kind: 'closure';
  readonly source: ParsedFunction;
  readonly node: FunctionNode;
  /** The call of the function around it that made it; undefined for a whole function as it was given. */
  activation: Activation | undefined;
  /** What its last parameter is when more are declared than passed. */
  readonly using?: Namespace | undefined;
  /** Where its result goes, when the operator keeps it as a record. */
  readonly box?: ((value: Value, call: Call) => Value) | undefined;
}

/** An operation of the language, or one that a step is given. */
export interface KnownValue {
  readonly kind: 'known';
  readonly name: string;
  call(call: Call): Value;
}
