// stateful: a running state for each key.
import {
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
 * One record out for each record in. It keeps the key and the state for each key, and fails with TABLE_FULL at one key
 * more than `maxKeys`. End and errors pass.
 *
 * @param key The key of a record: a number, bigint, boolean, text, or a tuple of those.
 * @param init Returns the state after a key's first record, as an object literal. `update` does not run for that record.
 * @param update Changes the state by every further record of the key.
 * @param options `using`, `out` (the layout of the state), `maxKeys`.
 * @throws {TypeError} At construction, if a function captures a variable, or the layout can't be read off `init` and
 *   `update`.
 *
 * @example
 * ```ts no-run
 * readings.stage(
 *   stateful(
 *     (r) => r.sensorId,
 *     (r) => ({ sensorId: r.sensorId, max: r.value }),
 *     (s, r) => { s.max = Math.max(s.max, r.value); },
 *   ),
 * );
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
