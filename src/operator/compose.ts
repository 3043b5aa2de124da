// Several operators made into one.
import { fail } from '../errors/index.js';
import { describe, isStruct, type Struct } from '../schema/index.js';
import type { OperatorDefinition } from './define-operator.js';
import { type Fused, operatorsOf } from './fused.js';

/**
 * A reusable operator made of several. It runs as if its operators had been given to the stage one after the other.
 *
 * @param input The layout of the records that it takes; a stage whose records have another one refuses it.
 * @param operators From one to eight operators, in order.
 * @throws {TypeError} By `stage()`: LAYOUTS_DIFFER if the records have another layout, and what its operators are refused for.
 *
 * @example
 * ```ts readings
 * const changes = compose(Reading, dedupBy((r) => r.sensorId, (r) => r.value), pairwiseBy((r) => r.sensorId));
 * readings.stage(changes).subscribe(({ prev, curr }) => console.log(curr.sensorId, prev.value, curr.value));
 * ```
 */
export function compose<T, A>(input: Struct<T>, a: Fused<T, A>): Fused<T, A>;
export function compose<T, A, B>(input: Struct<T>, a: Fused<T, A>, b: Fused<A, B>): Fused<T, B>;
export function compose<T, A, B, C>(
  input: Struct<T>,
  a: Fused<T, A>,
  b: Fused<A, B>,
  c: Fused<B, C>,
): Fused<T, C>;
export function compose<T, A, B, C, D>(
  input: Struct<T>,
  a: Fused<T, A>,
  b: Fused<A, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
): Fused<T, D>;
export function compose<T, A, B, C, D, E>(
  input: Struct<T>,
  a: Fused<T, A>,
  b: Fused<A, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
): Fused<T, E>;
export function compose<T, A, B, C, D, E, F>(
  input: Struct<T>,
  a: Fused<T, A>,
  b: Fused<A, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
  f: Fused<E, F>,
): Fused<T, F>;
export function compose<T, A, B, C, D, E, F, G>(
  input: Struct<T>,
  a: Fused<T, A>,
  b: Fused<A, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
  f: Fused<E, F>,
  g: Fused<F, G>,
): Fused<T, G>;
export function compose<T, A, B, C, D, E, F, G, H>(
  input: Struct<T>,
  a: Fused<T, A>,
  b: Fused<A, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
  f: Fused<E, F>,
  g: Fused<F, G>,
  h: Fused<G, H>,
): Fused<T, H>;
export function compose(input: Struct<unknown>, ...parts: Fused<never, unknown>[]): Fused<never, unknown> {
  if (!isStruct(input)) throw fail('NOT_A_STRUCT', { what: 'compose', found: describe(input) });
  const operators = operatorsOf('compose', parts, 2);
  const [first, ...others] = operators;
  return { kind: 'fused', operators: [{ ...(first as OperatorDefinition), input }, ...others] };
}
