// The model of dedupBy
import type { MonoTypeOperatorFunction } from 'rxjs';
import { eachSubscription } from './each-subscription.js';
import { KeyedState } from './keyed-state.js';
import { type KeyedModelOptions, type Seen, seen } from './options.js';
import { same } from './same.js';

export function dedupBy<T>(
  key: (record: T, using: Seen) => unknown,
  second?: ((record: T, using: Seen) => unknown) | KeyedModelOptions,
  third: KeyedModelOptions = {},
): MonoTypeOperatorFunction<T> {
  const select = typeof second === 'function' ? second : (record: T) => record;
  const options = typeof second === 'object' ? second : third;
  const using = seen(options.using);
  return eachSubscription(() => {
    const last = new KeyedState<{ selected: unknown }>(options.maxKeys);
    return (record, emit) => {
      const k = key(record, using);
      const selected = select(record, using);
      const kept = last.get(k);
      if (kept !== undefined && same(kept.selected, selected)) return;
      last.set(k, { selected });
      emit(record);
    };
  });
}
