// pairwise: each record with the one before it.
import { defineOperator, type Fused } from '../src/operator/index.js';

/**
 * Emits each record together with the one before it, from the second record on.
 *
 * ```text
 * --{v:1}--{v:2}---------------------------{v:3}--------------------------|
 *   pairwise()
 * ---------{prev:{v:1},curr:{v:2}}---------{prev:{v:2},curr:{v:3}}--------|
 * ```
 *
 * None or one record out for each record in: `{ prev, curr }`, two structs of the input's layout. It keeps the last record.
 * The end and errors of its input pass.
 *
 * @example
 * ```ts readings
 * const changes = readings.stage(pairwise(), map(({ prev, curr }) => ({ change: curr.value - prev.value })));
 * changes.subscribe(({ change }) => console.log(change));
 * ```
 *
 * RxJS's `pairwise` emits an array `[prev, curr]`; records have named fields. This is what roda-state calls
 * `track_prev`.
 */
export function pairwise<T>(): Fused<T, { prev: T; curr: T }> {
  return defineOperator<T, { prev: T; curr: T }, T>({
    name: 'pairwise',
    step: (record, state, emit) => {
      if (state.exists) emit({ prev: state.value, curr: record as T });
      state.set(record);
    },
  });
}
