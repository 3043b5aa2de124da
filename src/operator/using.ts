// What functions may be given besides their arguments: `using` and `withUsing`.
import { fail } from '../errors/index.js';
import { describe } from '../schema/index.js';
import type { HistogramSink, RecordsValues } from './measures.js';
import type { Param } from './param.js';

// biome-ignore lint/suspicious/noExplicitAny: any function can be given to an operator.
export type AnyFunction = (...args: any[]) => any;

/** A function together with the values it uses; made by {@link withUsing}. */
export interface WithUsing<F extends AnyFunction = AnyFunction> {
  readonly kind: 'with-using';
  readonly fn: AnyFunction;
  readonly using: Readonly<Record<string, unknown>>;
  /** Only a type: how it is called. */
  readonly $call?: F;
}

/** What an operator's `using` option may hold, by name. */
export type UsingValues = Readonly<Record<string, unknown>>;

/**
 * What a function sees of `using`: parameters as numbers, histograms as what can be recorded in, functions as they are called,
 * constants as they are.
 */
export type Using<U> = {
  readonly [K in keyof U]: U[K] extends Param
    ? number
    : U[K] extends HistogramSink
      ? RecordsValues
      : U[K] extends WithUsing<infer F>
        ? F
        : U[K];
};

/**
 * Gives a function the values that it needs besides its arguments. It gets them as its last parameter.
 *
 * @param fn An arrow function that sees nothing but its arguments, the last of which is an object of `using`.
 * @param using Numbers, bigints, booleans, strings, arrays and plain objects of those, functions, live parameters.
 * @returns What the `using` option of an operator takes; functions see it as `fn` without its last parameter.
 *
 * @example
 * ```ts summaries
 * const rises = withUsing((a: number, b: number, { by }) => a > b * by, { by: 1.5 });
 * summaries.stage(
 *   delta(
 *     (s) => s.sensorId,
 *     (curr, prev, { rises }) => prev && rises(curr.avg, prev.avg) && { sensorId: curr.sensorId },
 *     { using: { rises } },
 *   ),
 * );
 * ```
 */
export function withUsing<F, const U extends UsingValues>(
  // The second type is what a last parameter without annotation gets its type from; nothing is inferred from it.
  fn: (F & Function) | ((...args: [...never[], Using<NoInfer<U>>]) => unknown),
  using: U,
): WithUsing<Filled<F, U>> {
  if (typeof using !== 'object' || using === null)
    throw fail('OPTIONS', { what: 'withUsing', found: describe(using), allowed: 'what the function uses' });
  return { kind: 'with-using', fn: fn as AnyFunction, using };
}

/** How a function is called whose last parameter is filled in; not at all if that takes something else. */
type Filled<F, U> = F extends (...args: [...infer A, infer L]) => infer R
  ? Using<U> extends L
    ? (...args: A) => R
    : never
  : never;

/** Whether a value was made by {@link withUsing}. */
export function isWithUsing(value: unknown): value is WithUsing {
  return typeof value === 'object' && value !== null && (value as WithUsing).kind === 'with-using';
}
