// What functions may be given besides their arguments: `using` and `withUsing`.
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

/** What a function sees of `using`: parameters as numbers, functions as they are called, constants as they are. */
export type Using<U> = {
  readonly [K in keyof U]: U[K] extends Param ? number : U[K] extends WithUsing<infer F> ? F : U[K];
};

/**
 * Gives a function the values that it needs besides its arguments. It gets them as its last parameter.
 *
 * @example
 * ```ts no-run
 * delta(key, (curr, prev, { rises }) => prev && rises(curr.avg, prev.avg) && { id: curr.id },
 *   { using: { rises: withUsing((a: number, b: number, { by }) => a > b * by, { by: 1.5 }) } });
 * ```
 */
export function withUsing<A extends unknown[], R, const U extends UsingValues>(
  fn: (...args: [...A, Using<U>]) => R,
  using: U,
): WithUsing<(...args: A) => R> {
  return { kind: 'with-using', fn, using };
}

/** Whether a value was made by {@link withUsing}. */
export function isWithUsing(value: unknown): value is WithUsing {
  return typeof value === 'object' && value !== null && (value as WithUsing).kind === 'with-using';
}
