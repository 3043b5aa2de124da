// pairwiseBy: each record with the one before of its key.
import {
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
 * None or one record out for each record in. It keeps the key and the last record for each key, and fails with
 * TABLE_FULL at one key more than `maxKeys`. End and errors pass.
 *
 * @param key The key of a record: a number, bigint, boolean, text, or a tuple of those.
 * @param options `using`, `maxKeys`.
 * @throws {TypeError} At construction, if `key` captures a variable.
 *
 * @example
 * ```ts no-run
 * readings.stage(pairwiseBy((r) => r.sensorId), filter(({ prev, curr }) => curr.value < prev.value));
 * ```
 *
 * RxJS has no namesake; it would be `groupBy`, then `pairwise` in each group. This is what roda-state calls
 * `track_prev_by_hashmap`.
 */
export function pairwiseBy<T, U extends UsingValues = {}>(
  key: (record: Readonly<T>, using: Using<U>) => Key,
  options: KeyedOptions<U> = {},
): Fused<T, { prev: T; curr: T }> {
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
