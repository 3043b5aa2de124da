// The model of stateful
import type { OperatorFunction } from 'rxjs';
import { coerceBy, stored } from './coerce.js';
import { eachSubscription } from './each-subscription.js';
import { KeyedState } from './keyed-state.js';
import { type KeyedModelOptions, type OutputModelOptions, type Seen, seen } from './options.js';

export function stateful<T, S extends object>(
  key: (record: T, using: Seen) => unknown,
  init: (record: T, using: Seen) => S,
  update: (state: S, record: T, using: Seen) => void,
  options: KeyedModelOptions & OutputModelOptions<S> = {},
): OperatorFunction<T, S> {
  const using = seen(options.using);
  return eachSubscription(() => {
    const states = new KeyedState<S>(options.maxKeys);
    return (record, emit) => {
      const k = key(record, using);
      let state = states.get(k);
      if (state === undefined) {
        state = stored(options.out, init(record, using));
        states.set(k, state);
      } else update(state, record, using);
      emit(coerceBy(options.out, state));
    };
  });
}
