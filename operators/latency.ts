// latency: times records on their way through operators.
import {
  defineOperator,
  type Fused,
  type LatencyOptions,
  operatorsOf,
  watch,
} from '../src/operator/index.js';

/**
 * Times records on their way through the operators that it is given, into the histogram `engine.histogram(name)`, in
 * nanoseconds. What comes out is what comes out of the operators.
 *
 * ```text
 * --{v:1}--{v:2}--{v:3}--|
 *   latency('odd', filter((r) => r.v % 2 === 1))
 * --{v:1}---------{v:3}--|
 * ```
 *
 * As many records out for each record in as the operators emit. One sample for each record in, or for every nth with `every`: from
 * when it goes in until the last record that comes of it has left, or until the operators are done with it if none does.
 * What lies behind them, and room that is waited for there, does not count. A time is too long by one look at the clock for
 * each record that comes out. A record on which a function throws gives no sample. It keeps no state of its own; the histogram
 * outlives the pipeline. The end and errors of its input pass.
 *
 * The clock is `performance.now()` on both backends. A sample takes three looks at it where one record comes out, at 45 ns
 * each, two where none does: 146 or 99 ns in all (benchmark `histogram`, Node 20). A record that is let pass takes no look: with
 * `{ every: 1_000 }` a record costs 4 ns on `wasm` and 7 ns on `js`, those that are timed included (benchmark `measuring`).
 *
 * @param name The histogram's name, or options: `name`, `every` (1 unless told), `digits` (of a time that are kept: 1, 2 or 3; 2
 *   unless told, within 0.8 %).
 * @param operators From one to eight operators, in order.
 * @throws {TypeError} OPTION for an option that can't be. By `stage()`: what the operators are refused for.
 * @throws {Error} By `stage()`: HISTOGRAM_WRITTEN if something else is measured under that name; HISTOGRAM_DIFFERS if there is a
 *   histogram of that name with other `digits`.
 *
 * @example
 * ```ts readings
 * readings.stage(latency({ name: 'highest', every: 10 }, filter((r) => r.value > 3), map((r) => ({ id: r.sensorId }))));
 * console.log(String(engine.histogram('highest').snapshot())); // whenever it is called
 * ```
 *
 * RxJS has no namesake; `timeInterval` and `timestamp` are about when records come.
 */
export function latency<T, A>(name: string | LatencyOptions, a: Fused<T, A>): Fused<T, A>;
export function latency<T, A, B>(name: string | LatencyOptions, a: Fused<T, A>, b: Fused<A, B>): Fused<T, B>;
export function latency<T, A, B, C>(
  name: string | LatencyOptions,
  a: Fused<T, A>,
  b: Fused<A, B>,
  c: Fused<B, C>,
): Fused<T, C>;
export function latency<T, A, B, C, D>(
  name: string | LatencyOptions,
  a: Fused<T, A>,
  b: Fused<A, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
): Fused<T, D>;
export function latency<T, A, B, C, D, E>(
  name: string | LatencyOptions,
  a: Fused<T, A>,
  b: Fused<A, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
): Fused<T, E>;
export function latency<T, A, B, C, D, E, F>(
  name: string | LatencyOptions,
  a: Fused<T, A>,
  b: Fused<A, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
  f: Fused<E, F>,
): Fused<T, F>;
export function latency<T, A, B, C, D, E, F, G>(
  name: string | LatencyOptions,
  a: Fused<T, A>,
  b: Fused<A, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
  f: Fused<E, F>,
  g: Fused<F, G>,
): Fused<T, G>;
export function latency<T, A, B, C, D, E, F, G, H>(
  name: string | LatencyOptions,
  a: Fused<T, A>,
  b: Fused<A, B>,
  c: Fused<B, C>,
  d: Fused<C, D>,
  e: Fused<D, E>,
  f: Fused<E, F>,
  g: Fused<F, G>,
  h: Fused<G, H>,
): Fused<T, H>;
export function latency(
  name: string | LatencyOptions,
  ...parts: Fused<never, unknown>[]
): Fused<never, unknown> {
  const constants = { timer: watch('latency', name) };
  const enter = defineOperator<object, object, never, {}, typeof constants>({
    name: 'latency',
    constants,
    step: (record, _state, emit, { timer }) => {
      timer.begin();
      emit(record);
      timer.end();
    },
  });
  const leave = defineOperator<object, object, never, {}, typeof constants>({
    name: 'latency',
    constants,
    step: (record, _state, emit, { timer }) => {
      timer.pause();
      emit(record);
      timer.resume();
    },
  });
  const operators = [...enter.operators, ...operatorsOf('latency', parts, 2), ...leave.operators];
  return { kind: 'fused', operators };
}
