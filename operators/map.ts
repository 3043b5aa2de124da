// map: one record out for each record in.
import {
  checkOptions,
  defineOperator,
  type Fused,
  type OutputOptions,
  type Using,
  type UsingValues,
} from '../src/operator/index.js';

/**
 * Emits, for each record, the record that a function makes of it.
 *
 * ```text
 * --{v:1}------{v:2}------|
 *   map((r) => ({ twice: r.v * 2 }))
 * --{twice:2}--{twice:4}--|
 * ```
 *
 * One record out for each record in, with the fields of the literal that `project` returns: a field that only copies
 * fields of one type keeps that type, numbers that are computed are `f64`, comparisons `bool`. It keeps no state. The end
 * and errors of its input pass; what `project` throws ends the stage.
 *
 * @param project Returns the record to emit, as an object literal or as a record that it was given.
 * @param options `using`, and `out`, the layout where it can't be read off `project` or shall be narrower.
 * @throws {TypeError} By `stage()`: for a function that is not self-contained (CAPTURED_VARIABLE, UNKNOWN_GLOBAL,
 *   FUNCTION_REFUSED, …), NOT_A_RECORD if it returns a scalar, LAYOUT_UNSETTLED, FIELDS_DIFFER or LAYOUT_MISMATCH if no one
 *   layout follows from what it returns.
 *
 * @example
 * ```ts readings
 * const celsius = readings.stage(map((r) => ({ sensorId: r.sensorId, celsius: (r.value - 32) / 1.8 })));
 * celsius.subscribe((r) => console.log(r.sensorId, r.celsius));
 * ```
 *
 * Unlike RxJS's `map` it returns records only, and gets no index.
 */
export function map<T, R extends object, U extends UsingValues = {}>(
  project: (record: Readonly<T>, using: Using<U>) => R,
  options: OutputOptions<R, U> = {},
): Fused<T, R> {
  checkOptions('map', options, ['using', 'out']);
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
