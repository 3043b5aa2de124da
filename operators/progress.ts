// progress: counts records as they pass.
import { defineOperator, type Fused, passes } from '../src/operator/index.js';

/**
 * Counts records and lets them pass unchanged: `engine.progress(name)` tells how many, and how many a second.
 *
 * ```text
 * --{v:1}--{v:2}--|
 *   progress('readings')
 * --{v:1}--{v:2}--|
 * ```
 *
 * One record out for each record in: the same record. It keeps no state of its own; the count outlives the pipeline. It is one
 * addition for each record, 1 ns (benchmark `measuring`, Node 20), and one look at the clock for the first; rates are worked out by who asks for them. The end and errors of
 * its input pass.
 *
 * @param name By which `engine.progress(name)` finds the count.
 * @throws {TypeError} OPTION for a name that can't be.
 * @throws {Error} By `stage()`: PROGRESS_WRITTEN if other records are counted under that name.
 *
 * @example
 * ```ts readings
 * readings.stage(progress('readings'), filter((r) => r.value > 3));
 * const passed = engine.progress('readings').changes(1_000).subscribe(({ count, rate }) => console.log(count, rate));
 * ```
 *
 * RxJS has no namesake; `engine.stats()` counts the records of every stage, at the end of each batch.
 */
export function progress<T>(name: string): Fused<T, T> {
  const constants = { counter: passes('progress', name) };
  return defineOperator<T, T, never, {}, typeof constants>({
    name: 'progress',
    constants,
    step: (record, _state, emit, { counter }) => {
      counter.pass();
      emit(record as T);
    },
  });
}
