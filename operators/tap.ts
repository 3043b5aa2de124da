// tap: looks at records as they pass.
import { defineOperator, type Fused, type OperatorOptions, type Using, type UsingValues } from '../src/operator/index.js';

/**
 * Calls a function for each record and lets the record pass unchanged.
 *
 * ```text
 * --{v:1}--{v:2}--|
 *   tap((r) => console.log(r.v))
 * --{v:1}--{v:2}--|
 * ```
 *
 * One record out for each record in; it keeps no state. End and errors pass. The function runs where the stage runs,
 * usually in a worker: its `console` writes to the engine's log.
 *
 * @param effect Is given the record; what it returns is ignored. `tap(console.log)` works too.
 * @param options `using`.
 * @throws {TypeError} At construction, if `effect` captures a variable.
 *
 * @example
 * ```ts no-run
 * readings.stage(tap((r) => console.log(r.sensorId, r.value)));
 * ```
 *
 * Unlike RxJS's `tap` it takes no observer. This is what roda-state calls `inspect`.
 */
export function tap<T, U extends UsingValues = {}>(
  effect: (record: Readonly<T>, using: Using<U>) => void,
  options: OperatorOptions<U> = {},
): Fused<T, T> {
  return defineOperator<T, T, never, { effect: typeof effect }, {}>({
    name: 'tap',
    functions: {
      // `console.log` itself is native code, which has no source to take in.
      effect: (effect as unknown) === console.log ? (((record: T) => console.log(record)) as typeof effect) : effect,
    },
    using: options.using,
    step: (record, _state, emit, { effect }) => {
      effect(record);
      emit(record);
    },
  });
}
