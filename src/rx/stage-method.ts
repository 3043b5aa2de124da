// The types of `stage(…)`: options first, if any, then operators, each taking what the one before emits.
import type { StageOptions } from '../engine/index.js';
import type { Fused } from '../operator/index.js';
import type { Stage } from './stage.js';

/**
 * What the second of two arguments takes: what the first emits, or the records themselves if the first were options.
 *
 * There is one signature for each number of arguments: TypeScript settles the parameters of functions by the first
 * signature that has the right number, so a second one for options would never get its turn.
 */
export type Flow<A, T> = [A] extends [never] ? T : A;

/** Options that no function and no operator can be mistaken for. */
export type NotAnOperator<O> = O & { readonly kind?: never; readonly apply?: never };

type Options = NotAnOperator<StageOptions>;

/**
 * Adds a stage that takes the records: its operators are compiled into one loop, which runs where the stage is placed.
 *
 * Options first, if any (`name`, `placement`, `capacity`, `retain`, `onError`, `signal`), then operators, each taking what the
 * one before emits: from one to eight, nine without options.
 *
 * @throws {TypeError} NOT_AN_OPERATOR for something else; OPTION for an option that can't be; what the operators' functions
 *   are refused for (CAPTURED_VARIABLE, LAYOUT_UNSETTLED, …).
 * @throws {RangeError} CAPACITY, MAX_KEYS for a bound out of range; OUT_OF_MEMORY if the stage's journal does not fit.
 * @throws {Error} GRAPH_SEALED after the source's first record; ENGINE_CLOSED after `close()`.
 */
export interface StageMethod<T> {
  <A>(a: Fused<T, A>): Stage<A>;
  <A = never, B = never>(a: Options | Fused<T, A>, b: Fused<Flow<A, T>, B>): Stage<B>;
  <A = never, B = never, C = never>(
    a: Options | Fused<T, A>,
    b: Fused<Flow<A, T>, B>,
    c: Fused<B, C>,
  ): Stage<C>;
  <A = never, B = never, C = never, D = never>(
    a: Options | Fused<T, A>,
    b: Fused<Flow<A, T>, B>,
    c: Fused<B, C>,
    d: Fused<C, D>,
  ): Stage<D>;
  <A = never, B = never, C = never, D = never, E = never>(
    a: Options | Fused<T, A>,
    b: Fused<Flow<A, T>, B>,
    c: Fused<B, C>,
    d: Fused<C, D>,
    e: Fused<D, E>,
  ): Stage<E>;
  <A = never, B = never, C = never, D = never, E = never, F = never>(
    a: Options | Fused<T, A>,
    b: Fused<Flow<A, T>, B>,
    c: Fused<B, C>,
    d: Fused<C, D>,
    e: Fused<D, E>,
    f: Fused<E, F>,
  ): Stage<F>;
  <A = never, B = never, C = never, D = never, E = never, F = never, G = never>(
    a: Options | Fused<T, A>,
    b: Fused<Flow<A, T>, B>,
    c: Fused<B, C>,
    d: Fused<C, D>,
    e: Fused<D, E>,
    f: Fused<E, F>,
    g: Fused<F, G>,
  ): Stage<G>;
  <A = never, B = never, C = never, D = never, E = never, F = never, G = never, H = never>(
    a: Options | Fused<T, A>,
    b: Fused<Flow<A, T>, B>,
    c: Fused<B, C>,
    d: Fused<C, D>,
    e: Fused<D, E>,
    f: Fused<E, F>,
    g: Fused<F, G>,
    h: Fused<G, H>,
  ): Stage<H>;
  <A = never, B = never, C = never, D = never, E = never, F = never, G = never, H = never, I = never>(
    a: Options | Fused<T, A>,
    b: Fused<Flow<A, T>, B>,
    c: Fused<B, C>,
    d: Fused<C, D>,
    e: Fused<D, E>,
    f: Fused<E, F>,
    g: Fused<F, G>,
    h: Fused<G, H>,
    i: Fused<H, I>,
  ): Stage<I>;
}
