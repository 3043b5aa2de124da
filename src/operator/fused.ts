// What operators are on the outside: branded descriptions that stages take in.
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

/** Whether a value is a fused operator. */
export function isFused(value: unknown): value is Fused<unknown, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as Fused<unknown, unknown>).kind === 'fused' &&
    Array.isArray((value as Fused<unknown, unknown>).operators)
  );
}
