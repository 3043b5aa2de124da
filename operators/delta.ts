// delta: compares each record with the one before of its key.
import {
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
 * None or one record out for each record in. It keeps the key and the last record for each key, and fails with
 * TABLE_FULL at one key more than `maxKeys`. End and errors pass. The record becomes the previous one after what was
 * returned has gone on its way.
 *
 * @param key The key of a record: a number, bigint, boolean, text, or a tuple of those.
 * @param compare Is given the record and the previous one (`undefined` at a key's first record); returns an object
 *   literal to emit, or `false`, `null` or `undefined` to emit nothing.
 * @param options `using`, `out`, `maxKeys`.
 * @throws {TypeError} At construction, if a function captures a variable, or the layout can't be read off `compare`.
 *
 * @example
 * ```ts no-run
 * summaries.stage(
 *   delta((s) => s.id, (curr, prev) => prev && curr.avg > prev.avg * 1.5 && { id: curr.id, severity: 1 }),
 * );
 * ```
 *
 * RxJS has no namesake; it would be `groupBy`, then `pairwise` in each group.
 */
export function delta<T, R, U extends UsingValues = {}>(
  key: (record: Readonly<T>, using: Using<U>) => Key,
  compare: (current: Readonly<T>, previous: Readonly<T> | undefined, using: Using<U>) => R,
  options: KeyedOptions<U> & OutputOptions<Emitted<R>, U> = {},
): Fused<T, Emitted<R>> {
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
