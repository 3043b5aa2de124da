// The model of scan
import type { OperatorFunction } from 'rxjs';
import { coerceBy, stored } from './coerce.js';
import { eachSubscription } from './each-subscription.js';
import { type OutputModelOptions, type Seen, seen } from './options.js';

export function scan<T, S extends object>(
  accumulator: (acc: S, record: T, using: Seen) => S,
  seed?: S,
  options: OutputModelOptions<S> = {},
): OperatorFunction<T, S> {
  const using = seen(options.using);
  return eachSubscription(() => {
    let acc = seed === undefined ? undefined : stored(options.out, seed);
    return (record, emit) => {
      const next = acc === undefined ? (record as unknown as S) : accumulator(acc, record, using);
      acc = stored(options.out, coerceBy(options.out, next));
      emit(coerceBy(options.out, acc));
    };
  });
}
