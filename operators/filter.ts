// filter: lets records pass for which a predicate holds.
import {
  checkOptions,
  defineOperator,
  type Fused,
  type OperatorOptions,
  type Using,
  type UsingValues,
} from '../src/operator/index.js';

/**
 * Emits the records for which `predicate` returns something truthy.
 *
 * ```text
 * --{v:1}--{v:2}--{v:3}--|
 *   filter((r) => r.v !== 2)
 * --{v:1}---------{v:3}--|
 * ```
 *
 * None or one record out for each record in: the same record. It keeps no state. The end and errors of its input pass; what
 * `predicate` throws ends the stage.
 *
 * @param predicate Whether the record passes.
 * @param options `using`.
 * @throws {TypeError} By `stage()`: for a function that is not self-contained (CAPTURED_VARIABLE, UNKNOWN_GLOBAL,
 *   FUNCTION_REFUSED, …).
 *
 * @example
 * ```ts readings
 * const limit = engine.param(3);
 * const high = readings.stage(filter((r, { limit }) => r.value > limit, { using: { limit } }));
 * high.subscribe((r) => console.log(r.sensorId, r.value));
 * ```
 *
 * Unlike RxJS's `filter` it gets no index, and a type predicate does not narrow the type of the records.
 */
export function filter<T, U extends UsingValues = {}>(
  predicate: (record: Readonly<T>, using: Using<U>) => unknown,
  options: OperatorOptions<U> = {},
): Fused<T, T> {
  checkOptions('filter', options, ['using']);
  return defineOperator<T, T, never, { predicate: typeof predicate }, {}>({
    name: 'filter',
    functions: { predicate },
    using: options.using,
    step: (record, _state, emit, { predicate }) => {
      if (predicate(record)) emit(record);
    },
  });
}
