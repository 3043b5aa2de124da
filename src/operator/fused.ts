// What operators are on the outside: branded descriptions that stages take in.
import { fail } from '../errors/index.js';
import { describe } from '../schema/index.js';
import type { OperatorDefinition } from './define-operator.js';

declare const flow: unique symbol;

/**
 * One operator, or several in a row, from records of type `In` to records of type `Out`. It does nothing by itself: a
 * stage fuses it into its loop. An RxJS operator is not one, and a stage refuses it.
 */
export interface Fused<In, Out> {
  readonly kind: 'fused';
  readonly operators: readonly OperatorDefinition[];
  /** Only a type. */
  readonly [flow]?: (record: In) => Out;
}

/**
 * What is given as operators, from an argument on.
 *
 * @throws {TypeError} NOT_AN_OPERATOR, NO_OPERATORS
 */
export function operatorsOf(what: string, given: readonly unknown[], position: number): OperatorDefinition[] {
  if (given.length === 0) throw fail('NO_OPERATORS', { what });
  return given.flatMap((part, i) => {
    if (!isFused(part))
      throw fail('NOT_AN_OPERATOR', { what, position: position + i, found: describe(part) });
    return part.operators;
  });
}

/** Whether a value is a fused operator. */
export function isFused(value: unknown): value is Fused<unknown, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as Fused<unknown, unknown>).kind === 'fused' &&
    Array.isArray((value as Fused<unknown, unknown>).operators)
  );
}
