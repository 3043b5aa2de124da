// stateful: a running state for each key.
import {
  checkOptions,
  defineOperator,
  type Fused,
  type Key,
  type KeyedOptions,
  type OutputOptions,
  type Using,
  type UsingValues,
} from '../src/operator/index.js';

/**
 * Keeps a state for each key and emits a copy of it after every record.
 *
 * ```text
 * --{id:1,v:3}----{id:2,v:5}----{id:1,v:4}----|
 *   stateful((r) => r.id, (r) => ({ id: r.id, sum: r.v }), (s, r) => { s.sum += r.v; })
 * --{id:1,sum:3}--{id:2,sum:5}--{id:1,sum:7}--|
 * ```
 *
 * One record out for each record in: the state, with the fields of the literal that `init` returns, each of a type that
 * everything `init` and `update` store in it fits in. For each key it keeps 8 bytes for each part of the key and the state,
 * padded to 8 bytes, and 5 to 22 bytes of index; a key more than `maxKeys` ends the stage with TABLE_FULL. The end and
 * errors of its input pass; what a function throws ends the stage.
 *
 * @param key The key of a record: a number, bigint, boolean, text, or a tuple of 1 to 32 of those.
 * @param init Returns the state after a key's first record, as an object literal. `update` does not run for that record.
 * @param update Changes the state by every further record of the key. What it returns is ignored; one that only returns
 *   another record, and changes nothing, is refused.
 * @param options `using`, `out` (the layout of the state), `maxKeys` (1,048,576 unless told).
 * @throws {TypeError} By `stage()`: for a function that is not self-contained (CAPTURED_VARIABLE, UNKNOWN_GLOBAL,
 *   FUNCTION_REFUSED, …), KEY_UNUSABLE if `key` returns something else, LAYOUT_UNSETTLED, FIELDS_DIFFER or LAYOUT_MISMATCH if
 *   no one layout follows from `init` and `update`.
 * @throws {RangeError} By `stage()`: MAX_KEYS for a bound out of range.
 *
 * @example
 * ```ts readings
 * const highest = readings.stage(
 *   stateful(
 *     (r) => r.sensorId,
 *     (r) => ({ sensorId: r.sensorId, max: r.value }),
 *     (s, r) => { s.max = Math.max(s.max, r.value); },
 *   ),
 * );
 * highest.subscribe((s) => console.log(s.sensorId, s.max));
 * ```
 *
 * RxJS has no namesake; it would be `groupBy`, then `scan` in each group.
 */
export function stateful<T, S extends object, U extends UsingValues = {}>(
  key: (record: Readonly<T>, using: Using<U>) => Key,
  init: (record: Readonly<T>, using: Using<U>) => S,
  update: (state: S, record: Readonly<T>, using: Using<U>) => void,
  options: KeyedOptions<U> & OutputOptions<S, U> = {},
): Fused<T, S> {
  checkOptions('stateful', options, ['using', 'out', 'maxKeys']);
  return defineOperator<T, S, S, { key: typeof key; init: typeof init; update: typeof update }, {}>({
    name: 'stateful',
    functions: { key, init, update },
    key: 'key',
    state: options.out,
    out: options.out,
    using: options.using,
    maxKeys: options.maxKeys,
    step: (record, state, emit, { init, update }) => {
      if (state.exists) update(state.value, record);
      else state.set(init(record));
      emit(state.value);
    },
  });
}
