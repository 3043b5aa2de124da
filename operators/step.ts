// step: a step of one's own that emits none, one or many records.
import {
  defineOperator,
  type Fused,
  type Key,
  type KeyedOptions,
  type State,
  type Using,
  type UsingValues,
} from '../src/operator/index.js';
import type { Struct } from '../src/schema/index.js';

/** Options of {@link step}: layouts, key and seed of what it keeps. */
export interface StepOptions<T, R, S, U extends UsingValues> extends KeyedOptions<U> {
  /** The layout of what it emits. */
  readonly out?: Struct<R>;
  /** The key of a record; with it there is a state for each key. */
  readonly key?: (record: Readonly<T>, using: Using<U>) => Key;
  /** The layout of the state. */
  readonly state?: Struct<S>;
  /** Without a key: what the state holds from the start. */
  readonly seed?: NoInfer<S>;
}

/**
 * Runs a function for each record, which may keep a state and emit none, one or many records.
 *
 * ```text
 * --{n:2}------------{n:0}--{n:1}----|
 *   step((r, state, emit) => { for (let i = 0; i < r.n; i++) emit({ i }); }, { out: struct({ i: f64 }) })
 * --({i:0}{i:1})------------{i:0}----|
 * ```
 *
 * Any number of records out for each record in. With a `key` it keeps the key and a state for each key, and fails with
 * TABLE_FULL at one key more than `maxKeys`; without, it keeps one state. End and errors pass.
 *
 * @param run Is given the record, the state (`exists`, `value`, `set(record)`), and `emit`.
 * @param options `out`, `state`, `key`, `seed`, `using`, `maxKeys`. Layouts that are not given are read off the function.
 * @throws {TypeError} At construction, if a function captures a variable, or a layout can't be read off it.
 *
 * @example Readings of a sensor that come after a silence of a minute
 * ```ts no-run
 * const Seen = struct({ at: f64 });
 * readings.stage(
 *   step((r, state, emit) => {
 *     if (state.exists && r.timestamp - state.value.at > 60_000) emit({ id: r.sensorId, silent: r.timestamp - state.value.at });
 *     state.set({ at: r.timestamp });
 *   }, { key: (r) => r.sensorId, state: Seen, out: struct({ id: u32, silent: f64 }) }),
 * );
 * ```
 *
 * RxJS has no namesake; the nearest is `concatMap` to arrays, with state in a closure.
 */
export function step<T, R = T, S = unknown, U extends UsingValues = {}>(
  run: (record: Readonly<T>, state: State<S>, emit: (record: R) => void, using: Using<U>) => void,
  options: StepOptions<T, R, S, U> = {},
): Fused<T, R> {
  const { key } = options;
  return defineOperator<T, R, S, { run: typeof run; key: typeof key }>({
    name: 'step',
    functions: { run, key },
    ...(key === undefined ? {} : { key: 'key' as const }),
    ...(options.state === undefined ? {} : { state: options.state }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    out: options.out,
    using: options.using,
    maxKeys: options.maxKeys,
    step: (record, state, emit, { run }) => {
      run(record, state, emit);
    },
  });
}
