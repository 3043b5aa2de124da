// step: a step of one's own that emits none, one or many records.
import {
  checkOptions,
  defineOperator,
  type Fused,
  type Key,
  type KeyedOptions,
  type KeyedTables,
  type State,
  type TablesOf,
  type Using,
  type UsingValues,
} from '../src/operator/index.js';
import type { Struct } from '../src/schema/index.js';

/** Options of {@link step}: layouts, key and seed of what it keeps. */
export interface StepOptions<T, R, S, U extends UsingValues, D extends KeyedTables = {}>
  extends KeyedOptions<U> {
  /** The layout of what it emits. */
  readonly out?: Struct<R>;
  /** The key of a record; with it there is a state for each key. */
  readonly key?: (record: Readonly<T>, using: Using<U>) => Key;
  /** The layout of the state. */
  readonly state?: Struct<S>;
  /** Without a key: what the state holds from the start. */
  readonly seed?: S;
  /** Keyed tables beside the state, by name, made by `keyedTable`; `run` gets them beside what `using` gives. */
  readonly tables?: D;
}

/**
 * Runs a function for each record, which may keep a state and emit none, one or many records.
 *
 * ```text
 * --{n:2}-----------{n:0}--{n:1}--|
 *   step((r, state, emit) => { for (let i = 0; i < r.n; i++) emit({ i }); })
 * --({i:0}{i:1})-----------{i:0}--|
 * ```
 *
 * Any number of records out for each record in. With a `key` it keeps, for each key, 8 bytes for each part of the key and a
 * state, padded to 8 bytes, and 5 to 22 bytes of index, and a key more than `maxKeys` ends the stage with TABLE_FULL; a key
 * is stored when its state is first set, and forgotten with `state.delete()`, which makes room for another. Without a `key` it
 * keeps one state for all records. Beside that it may have `tables`, each with keys of its own, whose records it gets, sets,
 * deletes and visits as those of a `Map`; they take as much for each key. The end and errors of its input pass, and `run` is
 * not told of them; what it throws ends the stage, and what it had emitted and stored stands.
 *
 * @param run Is given the record, the state (`exists`, `value`, `set(record)`, `delete()`), `emit`, and an object with its tables
 *   and what it uses. Records, state and tables are valid only during the call. `emit` of `false`, `null` or
 *   `undefined` emits nothing; `set` of them, or of what can't be stored (RECORD_TYPE, ARRAY_TYPE, TEXT_UNKNOWN), throws and
 *   leaves what there was.
 * @param options `out`, `state`, `key`, `seed`, `tables`, `using`, `maxKeys` (1,048,576 unless told). Layouts that are not given
 *   are read off the function. TypeScript can't read types off it: without `out` it takes what is emitted for records like those
 *   that come in, and it knows the state by `state` or `seed`.
 * @throws {TypeError} By `stage()`: for a function that is not self-contained (CAPTURED_VARIABLE, UNKNOWN_GLOBAL,
 *   FUNCTION_REFUSED, …), KEY_UNUSABLE if `key` returns something else, LAYOUT_UNSETTLED, FIELDS_DIFFER or LAYOUT_MISMATCH if
 *   no one layout follows, NOTHING_EMITTED if it never emits, TABLE_UNUSABLE for what is no table.
 * @throws {RangeError} By `stage()`: MAX_KEYS for a bound out of range.
 *
 * @example Readings of a sensor that come after a silence of a minute
 * ```ts readings
 * const silences = readings.stage(
 *   step(
 *     (r, state, emit) => {
 *       if (state.exists && r.timestamp - state.value.at > 60_000) {
 *         emit({ sensorId: r.sensorId, silentMs: r.timestamp - state.value.at });
 *       }
 *       state.set({ at: r.timestamp });
 *     },
 *     { key: (r) => r.sensorId, state: struct({ at: u53 }), out: struct({ sensorId: u32, silentMs: f64 }) },
 *   ),
 * );
 * silences.subscribe((s) => console.log(s.sensorId, s.silentMs));
 * ```
 *
 * @example How many sensors have sent something within the last minute
 * ```ts readings
 * const active = readings.stage(
 *   step(
 *     (r, _state, emit, { last }) => {
 *       last.set(r.sensorId, { at: r.timestamp });
 *       last.deleteWhere(({ at }) => r.timestamp - at > 60_000);
 *       emit({ at: r.timestamp, sensors: last.size });
 *     },
 *     {
 *       out: struct({ at: u53, sensors: u32 }),
 *       tables: { last: keyedTable({ key: u32, value: struct({ at: u53 }), maxKeys: 10_000 }) },
 *     },
 *   ),
 * );
 * active.subscribe((a) => console.log(a.sensors));
 * ```
 *
 * RxJS has no namesake; the nearest is `concatMap` to arrays, with state in a closure. For a step that is used with other
 * functions each time, see {@link defineOperator}.
 */
export function step<T, R = T, S = unknown, U extends UsingValues = {}, D extends KeyedTables = {}>(
  run: (
    record: Readonly<T>,
    state: State<S>,
    emit: (record: R) => void,
    using: Using<U> & TablesOf<D>,
  ) => void,
  options: StepOptions<T, R, S, U, D> = {},
): Fused<T, R> {
  checkOptions('step', options, ['out', 'state', 'key', 'seed', 'tables', 'using', 'maxKeys']);
  const { key } = options;
  return defineOperator<T, R, S, { run: typeof run; key?: typeof key & {} }>({
    name: 'step',
    functions: key === undefined ? { run } : { run, key },
    ...(key === undefined ? {} : { key: 'key' as const }),
    ...(options.state === undefined ? {} : { state: options.state }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    out: options.out,
    using: options.using,
    ...(options.tables === undefined ? {} : { tables: options.tables }),
    maxKeys: options.maxKeys,
    step: (record, state, emit, { run }) => {
      run(record, state, emit);
    },
  });
}
