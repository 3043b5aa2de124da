// pairwiseBy: each record with the one before of its key.
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
 * Emits each record together with the one before of the same key, from a key's second record on.
 *
 * ```text
 * --{id:1,v:1}--{id:2,v:5}--{id:1,v:2}-------------------------------|
 *   pairwiseBy((r) => r.id)
 * --------------------------{prev:{id:1,v:1},curr:{id:1,v:2}}--------|
 * ```
 *
 * None or one record out for each record in: `{ prev, curr }`, two structs of the input's layout. For each key it keeps 8
 * bytes for each part of the key and the last record, and 5 to 22 bytes of index; a key more than `maxKeys` ends the
 * stage with TABLE_FULL. The end and errors of its input pass; what `key` throws ends the stage.
 *
 * @param key The key of a record: a number, bigint, boolean, text, or a tuple of 1 to 32 of those.
 * @param options `using`, `maxKeys` (1,048,576 unless told).
 * @throws {TypeError} By `stage()`: for a function that is not self-contained (CAPTURED_VARIABLE, UNKNOWN_GLOBAL,
 *   FUNCTION_REFUSED, …), KEY_UNUSABLE if `key` returns something else.
 * @throws {RangeError} By `stage()`: MAX_KEYS for a bound out of range.
 *
 * @example
 * ```ts readings
 * const falls = readings.stage(pairwiseBy((r) => r.sensorId), filter(({ prev, curr }) => curr.value < prev.value));
 * falls.subscribe(({ prev, curr }) => console.log(curr.sensorId, prev.value, curr.value));
 * ```
 *
 * RxJS has no namesake; it would be `groupBy`, then `pairwise` in each group. This is what roda-state calls
 * `track_prev_by_hashmap`.
 */
export function pairwiseBy<T, U extends UsingValues = {}>(
  key: (record: Readonly<T>, using: Using<U>) => Key,
  options: KeyedOptions<U> = {},
): Fused<T, { prev: T; curr: T }> {
  checkOptions('pairwiseBy', options, ['using', 'maxKeys']);
  return defineOperator<T, { prev: T; curr: T }, T, { key: typeof key }>({
    name: 'pairwiseBy',
    functions: { key },
    key: 'key',
    using: options.using,
    maxKeys: options.maxKeys,
    step: (record, state, emit) => {
      if (state.exists) emit({ prev: state.value, curr: record as T });
      state.set(record);
    },
  });
}
