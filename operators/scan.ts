// scan: one running state over all records.
import { defineOperator, type Fused, type OutputOptions, type Using, type UsingValues } from '../src/operator/index.js';

/**
 * Folds each record into an accumulator and emits a copy of it.
 *
 * ```text
 * --{v:3}----{v:4}----|
 *   scan((acc, r) => ({ sum: acc.sum + r.v }), { sum: 0 })
 * --{sum:3}--{sum:7}--|
 * ```
 *
 * One record out for each record in. It keeps the accumulator. End and errors pass.
 *
 * @param accumulator Returns the next accumulator, as an object literal or the changed one it was given.
 * @param seed The first accumulator, a plain object. Without it the first record is the first accumulator, and is
 *   emitted as it is.
 * @param options `using`, and `out`, the layout of the accumulator.
 * @throws {TypeError} At construction, if `accumulator` captures a variable, or the layout can't be read off it.
 *
 * @example
 * ```ts no-run
 * readings.stage(scan((acc, r) => ({ n: acc.n + 1, sum: acc.sum + r.value }), { n: 0, sum: 0 }));
 * ```
 *
 * Unlike RxJS's `scan` it gets no index, and what was emitted does not change when the accumulator does.
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
