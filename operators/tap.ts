// tap: looks at records as they pass.
import {
  checkOptions,
  defineOperator,
  type Fused,
  type OperatorOptions,
  type Using,
  type UsingValues,
} from '../src/operator/index.js';

/**
 * Calls a function for each record and lets the record pass unchanged.
 *
 * ```text
 * --{v:1}--{v:2}--|
 *   tap((r) => console.log(r.v))
 * --{v:1}--{v:2}--|
 * ```
 *
 * One record out for each record in: the same record. It keeps no state. The end and errors of its input pass; what `effect`
 * throws ends the stage. The function runs where the stage runs, usually in a worker: what it prints is sent to the
 * engine's thread, in order, and printed there.
 *
 * @param effect Is given the record; what it returns is ignored. `tap(console.log)` works too.
 * @param options `using`.
 * @throws {TypeError} By `stage()`: for a function that is not self-contained (CAPTURED_VARIABLE, UNKNOWN_GLOBAL,
 *   FUNCTION_REFUSED, …).
 *
 * @example
 * ```ts readings
 * readings.stage(tap((r) => console.log(r.sensorId, r.value)), filter((r) => r.value > 3));
 * ```
 *
 * Unlike RxJS's `tap` it takes no observer, and has no effect on anything outside: to act on records, subscribe to the stage.
 * This is what roda-state calls `inspect`.
 */
export function tap<T, U extends UsingValues = {}>(
  effect: (record: Readonly<T>, using: Using<U>) => void,
  options: OperatorOptions<U> = {},
): Fused<T, T> {
  checkOptions('tap', options, ['using']);
  return defineOperator<T, T, never, { effect: typeof effect }, {}>({
    name: 'tap',
    functions: {
      // `console.log` itself is native code, which has no source to take in.
      effect:
        (effect as unknown) === console.log
          ? (((record: T) => console.log(record)) as typeof effect)
          : effect,
    },
    using: options.using,
    step: (record, _state, emit, { effect }) => {
      effect(record);
      emit(record);
    },
  });
}
