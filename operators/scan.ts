// scan: one running state over all records.
import {
  checkOptions,
  defineOperator,
  type Fused,
  type OutputOptions,
  type Using,
  type UsingValues,
} from '../src/operator/index.js';

/**
 * Folds each record into an accumulator and emits a copy of it.
 *
 * ```text
 * --{v:3}----{v:4}----|
 *   scan((acc, r) => ({ sum: acc.sum + r.v }), { sum: 0 })
 * --{sum:3}--{sum:7}--|
 * ```
 *
 * One record out for each record in: the accumulator, whose fields are those of the seed and of what `accumulator` returns.
 * It keeps the accumulator, one for all records. The end and errors of its input pass; what `accumulator` throws ends the
 * stage.
 *
 * @param accumulator Returns the next accumulator: an object literal, or the one it was given, whose fields it may change.
 * @param seed The first accumulator, a plain object. Without it the first record is the first accumulator, and is
 *   emitted as it is.
 * @param options `using`, and `out`, the layout of the accumulator.
 * @throws {TypeError} By `stage()`: for a function that is not self-contained (CAPTURED_VARIABLE, UNKNOWN_GLOBAL,
 *   FUNCTION_REFUSED, …), LAYOUT_UNSETTLED, FIELDS_DIFFER or LAYOUT_MISMATCH if no one layout follows.
 *
 * @example
 * ```ts readings
 * const totals = readings.stage(scan((acc, r) => ({ n: acc.n + 1, sum: acc.sum + r.value }), { n: 0, sum: 0 }));
 * totals.subscribe(({ n, sum }) => console.log(sum / n));
 * ```
 *
 * Unlike RxJS's `scan` it gets no index, and what was emitted does not change when the accumulator does. For an accumulator
 * for each key see {@link stateful}.
 */
export function scan<T, S extends object, U extends UsingValues = {}>(
  accumulator: (acc: S, record: Readonly<T>, using: Using<U>) => S,
  seed: S,
  options?: OutputOptions<S, U>,
): Fused<T, S>;
export function scan<T, U extends UsingValues = {}>(
  accumulator: (acc: T, record: Readonly<T>, using: Using<U>) => T,
  seed?: undefined,
  options?: OutputOptions<T, U>,
): Fused<T, T>;
export function scan<T, U extends UsingValues = {}>(
  accumulator: (acc: T, record: Readonly<T>, using: Using<U>) => T,
  seed?: T,
  options: OutputOptions<T, U> = {},
): Fused<T, T> {
  checkOptions('scan', options, ['using', 'out']);
  const shared = {
    name: 'scan',
    functions: { accumulator },
    using: options.using,
    state: options.out,
    out: options.out,
  };
  if (seed === undefined) {
    return defineOperator<T, T, T, { accumulator: typeof accumulator }>({
      ...shared,
      step: (record, state, emit, { accumulator }) => {
        state.set(state.exists ? accumulator(state.value, record) : (record as T));
        emit(state.value);
      },
    });
  }
  return defineOperator<T, T, T, { accumulator: typeof accumulator }>({
    ...shared,
    seed,
    step: (record, state, emit, { accumulator }) => {
      state.set(accumulator(state.value, record));
      emit(state.value);
    },
  });
}
