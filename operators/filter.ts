// filter: lets records pass for which a predicate holds.
import { defineOperator, type Fused, type OperatorOptions, type Using, type UsingValues } from '../src/operator/index.js';

/**
 * Emits the records for which `predicate` returns something truthy.
 *
 * ```text
 * --{v:1}--{v:2}--{v:3}--|
 *   filter((r) => r.v !== 2)
 * --{v:1}---------{v:3}--|
 * ```
 *
 * None or one record out for each record in; it keeps no state. End and errors pass.
 *
 * @param predicate Whether the record passes.
 * @param options `using`.
 * @throws {TypeError} At construction, if `predicate` captures a variable.
 *
 * @example
 * ```ts no-run
 * readings.stage(filter((r, { limit }) => r.value > limit, { using: { limit: 100 } }));
 * ```
 *
 * Unlike RxJS's `filter` it gets no index.
 */
export function filter<T, U extends UsingValues = {}>(
  predicate: (record: Readonly<T>, using: Using<U>) => unknown,
  options: OperatorOptions<U> = {},
): Fused<T, T> {
  return defineOperator<T, T, never, { predicate: typeof predicate }, {}>({
    name: 'filter',
    functions: { predicate },
    using: options.using,
    step: (record, _state, emit, { predicate }) => {
      if (predicate(record)) emit(record);
    },
  });
}
