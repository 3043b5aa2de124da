// fused(): a whole pipeline as one operator of an RxJS chain.
import { Observable, type OperatorFunction, Subject, takeUntil } from 'rxjs';
import {
  type Engine as Core,
  checkFusedOptions,
  describe,
  type Overflow,
  type ProgramCache,
  type StageOptions,
} from '../engine/index.js';
import { fail } from '../errors/index.js';
import type { Fused } from '../operator/index.js';
import { isStruct, type Struct } from '../schema/index.js';
import { splitArguments } from './add-stage.js';
import { leaseDefaultEngine } from './default-engine.js';
import { defined } from './defined.js';
import type { Engine } from './engine.js';
import type { Flow, NotAnOperator } from './stage-method.js';

type Options = NotAnOperator<FusedOptions>;

/** Options of {@link fused}: those of a stage, which has no past to keep, and of the source before it. */
export interface FusedOptions extends Omit<StageOptions, 'retain'> {
  /** The engine to run on; a default one, shared by all, unless told. */
  readonly engine?: Engine;
  /** What happens to a record for which the source's journal has no room: `block` unless told. */
  readonly overflow?: Overflow;
  /** What a record that doesn't fit the struct does: ends the pipeline with its error (unless told), or is dropped. */
  readonly onInvalid?: 'error' | 'skip';
}

/**
 * Operators fused into one loop, as one RxJS operator. Cold: every subscription has a source, a stage and state of its
 * own, and gives everything back when it ends.
 *
 * Without an `engine` it runs on a default one, made on first use and closed soon after the last subscription has ended;
 * there are two, one for `placement: 'inline'`. Where memory can't be shared, the inline one is used.
 *
 * @param struct The layout of the records that come in.
 * @param args Options first, if any, then operators: from one to eight, nine without options.
 * @throws {TypeError} At once: NOT_A_STRUCT; NOT_AN_OPERATOR, NO_OPERATORS; OPTION, OPTIONS for what options can't be. What the
 *   operators' functions are refused for is told on subscription, as an error.
 *
 * @example
 * ```ts sensor$
 * sensor$.pipe(
 *   fused(
 *     Reading,
 *     dedupBy((r) => r.sensorId, (r) => r.value),
 *     delta((r) => r.sensorId, (curr, prev) => prev && { sensorId: curr.sensorId, change: curr.value - prev.value }),
 *   ),
 *   debounceTime(100),
 * ).subscribe(notify);
 * ```
 */
export function fused<T, A>(struct: Struct<T>, a: Fused<T, A>): OperatorFunction<T, A>;
export function fused<T, A = never, B = never>(
  struct: Struct<T>,
  a: Options | Fused<T, A>,
  b: Fused<Flow<A, T>, B>,
): OperatorFunction<T, B>;
export function fused<T, A = never, B = never, C = never>(
  struct: Struct<T>,
  a: Options | Fused<T, A>,
  b: Fused<Flow<A, T>, B>,
  c: Fused<B, C>,
): OperatorFunction<T, C>;
export function fused<T, A = never, B = never, C = never, D = never>(
  struct: Struct<T>,
  a: Options | Fused<T, A>,
  b: Fused<Flow<A, T>, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
): OperatorFunction<T, D>;
export function fused<T, A = never, B = never, C = never, D = never, E = never>(
  struct: Struct<T>,
  a: Options | Fused<T, A>,
  b: Fused<Flow<A, T>, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
): OperatorFunction<T, E>;
export function fused<T, A = never, B = never, C = never, D = never, E = never, F = never>(
  struct: Struct<T>,
  a: Options | Fused<T, A>,
  b: Fused<Flow<A, T>, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
  f: Fused<E, F>,
): OperatorFunction<T, F>;
export function fused<T, A = never, B = never, C = never, D = never, E = never, F = never, G = never>(
  struct: Struct<T>,
  a: Options | Fused<T, A>,
  b: Fused<Flow<A, T>, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
  f: Fused<E, F>,
  g: Fused<F, G>,
): OperatorFunction<T, G>;
export function fused<
  T,
  A = never,
  B = never,
  C = never,
  D = never,
  E = never,
  F = never,
  G = never,
  H = never,
>(
  struct: Struct<T>,
  a: Options | Fused<T, A>,
  b: Fused<Flow<A, T>, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
  f: Fused<E, F>,
  g: Fused<F, G>,
  h: Fused<G, H>,
): OperatorFunction<T, H>;
export function fused<
  T,
  A = never,
  B = never,
  C = never,
  D = never,
  E = never,
  F = never,
  G = never,
  H = never,
  I = never,
>(
  struct: Struct<T>,
  a: Options | Fused<T, A>,
  b: Fused<Flow<A, T>, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
  f: Fused<E, F>,
  g: Fused<F, G>,
  h: Fused<G, H>,
  i: Fused<H, I>,
): OperatorFunction<T, I>;
export function fused(struct: Struct<unknown>, ...args: unknown[]): OperatorFunction<unknown, unknown> {
  if (!isStruct(struct)) throw fail('NOT_A_STRUCT', { what: 'fused', found: describe(struct) });
  const { options, operators } = splitArguments<FusedOptions>('fused', args);
  checkFusedOptions(options, (engine) => (engine as Engine | null)?.core !== undefined);
  if (operators.length === 0) throw fail('NO_OPERATORS', { what: 'fused' });
  const caches = new WeakMap<Core, ProgramCache>();
  return (upstream) =>
    new Observable((subscriber) => {
      const lease = options.engine
        ? { core: options.engine.core, release: () => {} }
        : leaseDefaultEngine(options.placement === 'inline' ? 'inline' : 'worker');
      subscriber.add(lease.release);
      const { core } = lease;
      const { name, capacity, overflow, onInvalid } = options;
      const source = core.source(
        struct,
        defined({ name: name && `${name}-source`, capacity, overflow, onInvalid }),
      );
      source.graph.isTransient = true;
      const end = new Subject<void>();
      subscriber.add(() => {
        end.next();
        source.graph.dispose();
      });
      let cache = caches.get(core);
      if (cache === undefined) {
        cache = new Map();
        caches.set(core, cache);
      }
      const { placement, backend, onError, signal } = options;
      const stageOptions = defined({ name: name ?? 'fused', placement, backend, capacity, onError, signal });
      const stage = core.stage<unknown>(source as never, operators, stageOptions, cache);
      stage.outlet.listen({
        next: (record) => subscriber.next(record),
        complete: () => subscriber.complete(),
        error: (error) => subscriber.error(error),
      });
      // A signal that had aborted before has ended it.
      if (subscriber.closed) return;
      upstream.pipe(takeUntil(end)).subscribe({
        next: (record) => {
          try {
            source.next(record);
          } catch (error) {
            if (source.skips(error)) return;
            source.error(error);
            end.next();
          }
        },
        error: (error) => source.error(error),
        complete: () => source.complete(),
      });
    });
}
