// map: one record out for each record in.
import { defineOperator, type Fused, type OutputOptions, type Using, type UsingValues } from '../src/operator/index.js';

/**
 * Emits, for each record, the record that a function makes of it.
 *
 * ```text
 * --{v:1}--{v:2}--|
 *   map((r) => ({ twice: r.v * 2 }))
 * --{twice:2}--{twice:4}--|
 * ```
 *
 * One record out for each record in; it keeps no state. End and errors pass.
 *
 * @param project Returns the record to emit, as an object literal.
 * @param options `using`, and `out`, the layout where it can't be read off `project`.
 * @throws {TypeError} At construction, if `project` returns a scalar or captures a variable.
 *
 * @example
 * ```ts no-run
 * readings.stage(map((r) => ({ sensorId: r.sensorId, celsius: (r.value - 32) / 1.8 })));
 * ```
 *
 * Unlike RxJS's `map` it returns records only, and gets no index.
 */
export function map<T, R extends object, U extends UsingValues = {}>(
  project: (record: Readonly<T>, using: Using<U>) => R,
  options: OutputOptions<R, U> = {},
): Fused<T, R> {
  return defineOperator<T, R, never, { project: typeof project }, {}>({
    name: 'map',
    functions: { project },
    using: options.using,
    out: options.out,
    step: (record, _state, emit, { project }) => {
      emit(project(record));
    },
  });
}
