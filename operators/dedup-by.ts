// dedupBy: drops a record that repeats the last one of its key.
import {
  checkOptions,
  defineOperator,
  type Fused,
  type Key,
  type KeyedOptions,
  type Using,
  type UsingValues,
} from '../src/operator/index.js';

/**
 * Drops a record that equals, field by field with `Object.is`, the last record of the same key.
 *
 * ```text
 * --{id:1,v:3}--{id:2,v:3}--{id:1,v:3}--{id:1,v:4}--|
 *   dedupBy((r) => r.id)
 * --{id:1,v:3}--{id:2,v:3}--------------{id:1,v:4}--|
 * ```
 *
 * None or one record out for each record in: the same record. For each key it keeps 8 bytes for each part of the key and the
 * last record (or what was selected of it, padded to 8 bytes), and 5 to 22 bytes of index; a key more than `maxKeys`
 * ends the stage with TABLE_FULL. The end and errors of its input pass; what a function throws ends the stage.
 *
 * @param key The key of a record: a number, bigint, boolean, text, or a tuple of 1 to 32 of those.
 * @param select What to compare instead of the whole record: a scalar, a tuple or a record; called once for each record.
 * @param options `using`, `maxKeys` (1,048,576 unless told).
 * @throws {TypeError} By `stage()`: for a function that is not self-contained (CAPTURED_VARIABLE, UNKNOWN_GLOBAL,
 *   FUNCTION_REFUSED, …), KEY_UNUSABLE if `key` returns something else.
 * @throws {RangeError} By `stage()`: MAX_KEYS for a bound out of range.
 *
 * @example
 * ```ts readings
 * const changes = readings.stage(dedupBy((r) => r.sensorId, (r) => r.value));
 * changes.subscribe((r) => console.log(r.sensorId, r.value));
 * ```
 *
 * RxJS has no namesake; it would be `groupBy`, then `distinctUntilChanged` in each group. To drop records whose *key*
 * repeats, use {@link distinctUntilKeyChanged}.
 */
export function dedupBy<T, U extends UsingValues = {}>(
  key: (record: Readonly<T>, using: Using<U>) => Key,
  select: (record: Readonly<T>, using: Using<U>) => unknown,
  options?: KeyedOptions<U>,
): Fused<T, T>;
export function dedupBy<T, U extends UsingValues = {}>(
  key: (record: Readonly<T>, using: Using<U>) => Key,
  options?: KeyedOptions<U>,
): Fused<T, T>;
export function dedupBy<T, U extends UsingValues = {}>(
  key: (record: Readonly<T>, using: Using<U>) => Key,
  second?: ((record: Readonly<T>, using: Using<U>) => unknown) | KeyedOptions<U>,
  third: KeyedOptions<U> = {},
): Fused<T, T> {
  if (typeof second === 'function') return dedupBySelected(key, second, third);
  const options = second ?? third;
  checkOptions('dedupBy', options, ['using', 'maxKeys']);
  return defineOperator<T, T, T, { key: typeof key }, {}>({
    name: 'dedupBy',
    functions: { key },
    key: 'key',
    using: options.using,
    maxKeys: options.maxKeys,
    step: (record, state, emit, { same }) => {
      if (!state.exists || !same(state.value, record)) {
        state.set(record);
        emit(record);
      }
    },
  });
}

function dedupBySelected<T, U extends UsingValues>(
  key: (record: Readonly<T>, using: Using<U>) => Key,
  select: (record: Readonly<T>, using: Using<U>) => unknown,
  options: KeyedOptions<U>,
): Fused<T, T> {
  checkOptions('dedupBy', options, ['using', 'maxKeys']);
  return defineOperator<T, T, unknown, { key: typeof key; select: typeof select }, {}>({
    name: 'dedupBy',
    functions: { key, select },
    key: 'key',
    values: ['select'],
    using: options.using,
    maxKeys: options.maxKeys,
    step: (record, state, emit, { select, same }) => {
      const selected = select(record);
      if (!state.exists || !same(state.value, selected)) {
        state.set(selected as object);
        emit(record);
      }
    },
  });
}
