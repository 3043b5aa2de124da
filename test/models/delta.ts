// The model of delta
import type { OperatorFunction } from 'rxjs';
import type { Emitted } from '../../src/operator/index.js';
import { coerceBy } from './coerce.js';
import { eachSubscription } from './each-subscription.js';
import { KeyedState } from './keyed-state.js';
import { type KeyedModelOptions, type OutputModelOptions, type Seen, seen } from './options.js';

export function delta<T, R>(
  key: (record: T, using: Seen) => unknown,
  compare: (current: T, previous: T | undefined, using: Seen) => R,
  options: KeyedModelOptions & OutputModelOptions<Emitted<R>> = {},
): OperatorFunction<T, Emitted<R>> {
  const using = seen(options.using);
  return eachSubscription(() => {
    const previous = new KeyedState<T>(options.maxKeys);
    return (record, emit) => {
      const k = key(record, using);
      const out = compare(record, previous.get(k), using);
      if (out) emit(coerceBy(options.out, out as Emitted<R>));
      previous.set(k, record);
    };
  });
}
