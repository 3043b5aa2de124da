// distinctUntilChanged: drops a record that equals the one before it.
import {
  checkOptions,
  defineOperator,
  type Fused,
  type OperatorOptions,
  type Using,
  type UsingValues,
} from '../src/operator/index.js';

/**
 * Drops a record that equals the last one emitted.
 *
 * ```text
 * --{v:3}--{v:3}--{v:4}--|
 *   distinctUntilChanged()
 * --{v:3}---------{v:4}--|
 * ```
 *
 * None or one record out for each record in: the same record. It keeps the last record emitted, or what `keySelector`
 * returned for it, one for all records. The end and errors of its input pass; what a function throws ends the stage.
 *
 * @param comparator Whether the last one emitted and the current one are equal; not called for the first record. Without it
 *   they are compared field by field with `Object.is`.
 * @param keySelector What to compare instead of the whole record: a scalar, a tuple or a record. It is called once for each
 *   record. The comparator's parameters then need annotations, since TypeScript looks at the comparator first.
 * @param options `using`.
 * @throws {TypeError} By `stage()`: for a function that is not self-contained (CAPTURED_VARIABLE, UNKNOWN_GLOBAL,
 *   FUNCTION_REFUSED, …), LAYOUT_UNSETTLED if it can't be told how to keep what `keySelector` returns.
 *
 * @example
 * ```ts readings
 * const steps = readings.stage(
 *   distinctUntilChanged((a: number, b: number) => Math.abs(a - b) < 0.5, (r) => r.value),
 * );
 * steps.subscribe((r) => console.log(r.timestamp, r.value));
 * ```
 *
 * RxJS's own compares with `===`, which is never true of two records; this one compares their fields, and takes a NaN for
 * equal to a NaN. To compare with the last record of the same key, use {@link dedupBy}.
 */
export function distinctUntilChanged<T, U extends UsingValues = {}>(
  comparator?: (previous: Readonly<T>, current: Readonly<T>, using: Using<U>) => unknown,
): Fused<T, T>;
export function distinctUntilChanged<T, K = number, U extends UsingValues = {}>(
  comparator: ((previous: K, current: K, using: Using<U>) => unknown) | undefined,
  keySelector: (record: Readonly<T>, using: Using<U>) => K,
  options?: OperatorOptions<U>,
): Fused<T, T>;
export function distinctUntilChanged<T, U extends UsingValues = {}>(
  comparator: ((previous: Readonly<T>, current: Readonly<T>, using: Using<U>) => unknown) | undefined,
  keySelector: undefined,
  options?: OperatorOptions<U>,
): Fused<T, T>;
export function distinctUntilChanged<T, K, U extends UsingValues = {}>(
  comparator?: (previous: K, current: K, using: Using<U>) => unknown,
  keySelector?: (record: Readonly<T>, using: Using<U>) => K,
  options: OperatorOptions<U> = {},
): Fused<T, T> {
  const name = 'distinctUntilChanged';
  checkOptions('distinctUntilChanged', options, ['using']);
  const using = options.using;
  if (keySelector === undefined) {
    if (comparator === undefined) {
      return defineOperator<T, T, T>({
        name,
        step: (record, state, emit, { same }) => {
          if (!state.exists || !same(state.value, record)) {
            state.set(record);
            emit(record);
          }
        },
      });
    }
    return defineOperator<T, T, T, { comparator: typeof comparator }>({
      name,
      functions: { comparator },
      using,
      step: (record, state, emit, { comparator }) => {
        if (!state.exists || !comparator(state.value as never, record as never)) {
          state.set(record);
          emit(record);
        }
      },
    });
  }
  if (comparator === undefined) {
    return defineOperator<T, T, unknown, { keySelector: typeof keySelector }>({
      name,
      functions: { keySelector },
      values: ['keySelector'],
      using,
      step: (record, state, emit, { keySelector, same }) => {
        const selected = keySelector(record);
        if (!state.exists || !same(state.value, selected)) {
          state.set(selected as object);
          emit(record);
        }
      },
    });
  }
  return defineOperator<T, T, unknown, { comparator: typeof comparator; keySelector: typeof keySelector }>({
    name,
    functions: { comparator, keySelector },
    values: ['keySelector'],
    using,
    step: (record, state, emit, { comparator, keySelector, unbox }) => {
      const selected = keySelector(record);
      if (!state.exists || !comparator(unbox(state.value), unbox(selected))) {
        state.set(selected as object);
        emit(record);
      }
    },
  });
}
