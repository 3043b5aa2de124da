// delta: compares each record with the one before of its key.
import {
  checkOptions,
  defineOperator,
  type Emitted,
  type Fused,
  type Key,
  type KeyedOptions,
  type OutputOptions,
  type Using,
  type UsingValues,
} from '../src/operator/index.js';

/**
 * Gives a function the current record and the one before of the same key, and emits what it returns, if anything.
 *
 * ```text
 * --{id:1,v:3}--{id:1,v:9}----------|
 *   delta((r) => r.id, (curr, prev) => prev && curr.v > 2 * prev.v && { id: curr.id, rise: curr.v - prev.v })
 * --------------{id:1,rise:6}-------|
 * ```
 *
 * None or one record out for each record in, with the fields of the literal that `compare` returns. For each key it keeps 8
 * bytes for each part of the key, those fields of the last record that `compare` reads of the previous one (all, if it hands
 * that on as a whole), padded to 8 bytes, and 5 to 22 bytes of index; a key more than `maxKeys` ends the stage with
 * TABLE_FULL. The record becomes the previous one after what was returned has gone on its way. The end and errors of its
 * input pass; what a function throws ends the stage.
 *
 * @param key The key of a record: a number, bigint, boolean, text, or a tuple of 1 to 32 of those.
 * @param compare Is given the record and the previous one (`undefined` at a key's first record); returns an object
 *   literal to emit, or `false`, `null` or `undefined` to emit nothing.
 * @param options `using`, `out`, `maxKeys` (1,048,576 unless told).
 * @throws {TypeError} By `stage()`: for a function that is not self-contained (CAPTURED_VARIABLE, UNKNOWN_GLOBAL,
 *   FUNCTION_REFUSED, …), KEY_UNUSABLE if `key` returns something else, LAYOUT_UNSETTLED, FIELDS_DIFFER or LAYOUT_MISMATCH if
 *   no one layout follows from what `compare` returns.
 * @throws {RangeError} By `stage()`: MAX_KEYS for a bound out of range.
 *
 * @example
 * ```ts summaries
 * const alerts = summaries.stage(
 *   delta(
 *     (s) => s.sensorId,
 *     (curr, prev) => prev && curr.avg > prev.avg * 1.5 && { sensorId: curr.sensorId, severity: 1 },
 *   ),
 * );
 * alerts.subscribe((alert) => console.log(alert.sensorId, alert.severity));
 * ```
 *
 * RxJS has no namesake; it would be `groupBy`, then `pairwise` and `map` in each group.
 */
export function delta<T, R, U extends UsingValues = {}>(
  key: (record: Readonly<T>, using: Using<U>) => Key,
  compare: (current: Readonly<T>, previous: Readonly<T> | undefined, using: Using<U>) => R,
  options: KeyedOptions<U> & OutputOptions<Emitted<R>, U> = {},
): Fused<T, Emitted<R>> {
  checkOptions('delta', options, ['using', 'out', 'maxKeys']);
  return defineOperator<T, Emitted<R>, T, { key: typeof key; compare: typeof compare }, {}>({
    name: 'delta',
    functions: { key, compare },
    key: 'key',
    out: options.out,
    using: options.using,
    maxKeys: options.maxKeys,
    step: (record, state, emit, { compare }) => {
      const out = compare(record, state.exists ? state.value : undefined);
      if (out) emit(out as Emitted<R>);
      state.set(record);
    },
  });
}
