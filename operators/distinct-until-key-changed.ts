// distinctUntilKeyChanged: drops a record whose key equals the key of the one before it.
import {
  checkOptions,
  defineOperator,
  type Fused,
  type OperatorOptions,
  type Using,
  type UsingValues,
} from '../src/operator/index.js';

/**
 * Drops a record whose key equals, with `Object.is`, the key of the last record emitted.
 *
 * ```text
 * --{id:1,v:3}--{id:1,v:4}--{id:2,v:4}--{id:1,v:5}--|
 *   distinctUntilKeyChanged((r) => r.id)
 * --{id:1,v:3}--------------{id:2,v:4}--{id:1,v:5}--|
 * ```
 *
 * None or one record out for each record in: the same record. It keeps the last key, one for all records. The end and errors
 * of its input pass; what `key` throws ends the stage.
 *
 * @param key The key of a record, a scalar or a tuple of scalars, by a function or as the name of a field.
 * @param options `using`.
 * @throws {TypeError} By `stage()`: for a function that is not self-contained (CAPTURED_VARIABLE, UNKNOWN_GLOBAL,
 *   FUNCTION_REFUSED, …), FIELD_UNKNOWN if `key` names no field.
 *
 * @example
 * ```ts readings
 * const turns = readings.stage(distinctUntilKeyChanged('sensorId'));
 * turns.subscribe((r) => console.log(r.timestamp, r.sensorId));
 * ```
 *
 * RxJS's own takes the name of a field, and a comparator that this one leaves to {@link distinctUntilChanged}.
 */
export function distinctUntilKeyChanged<T, U extends UsingValues = {}>(
  key: ((record: Readonly<T>, using: Using<U>) => unknown) | (keyof T & string),
  options: OperatorOptions<U> = {},
): Fused<T, T> {
  if (typeof key === 'string') {
    const byField = (record: Readonly<T>, { field }: { field: string }) =>
      (record as Record<string, unknown>)[field];
    return distinctUntilKeyChanged<T, { field: string }>(byField as never, { using: { field: key } });
  }
  checkOptions('distinctUntilKeyChanged', options, ['using']);
  return defineOperator<T, T, unknown, { key: typeof key }>({
    name: 'distinctUntilKeyChanged',
    functions: { key },
    values: ['key'],
    using: options.using,
    step: (record, state, emit, { key, same }) => {
      const selected = key(record);
      if (!state.exists || !same(state.value, selected)) {
        state.set(selected as object);
        emit(record);
      }
    },
  });
}
