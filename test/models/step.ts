// The model of step
import type { OperatorFunction } from 'rxjs';
import type { KeyedTables, State } from '../../src/operator/index.js';
import type { Struct } from '../../src/schema/index.js';
import { coerceBy, stored } from './coerce.js';
import { eachSubscription } from './each-subscription.js';
import { KeyedState } from './keyed-state.js';
import { type KeyedModelOptions, type OutputModelOptions, type Seen, seen } from './options.js';
import { tablesOf } from './tables.js';

export interface StepModelOptions<T, R, S> extends KeyedModelOptions, OutputModelOptions<R> {
  readonly key?: (record: T, using: Seen) => unknown;
  readonly state?: Struct<S>;
  readonly seed?: S;
  readonly tables?: KeyedTables;
}

export function step<T, R = T, S = unknown>(
  run: (record: T, state: State<S>, emit: (record: R) => void, using: Seen) => void,
  options: StepModelOptions<T, R, S> = {},
): OperatorFunction<T, R> {
  const given = seen(options.using);
  const { key = () => 0, seed } = options;
  return eachSubscription(() => {
    const using = Object.defineProperties(tablesOf(options.tables), Object.getOwnPropertyDescriptors(given));
    const states = new KeyedState<S>(options.maxKeys);
    if (seed !== undefined && options.key === undefined) states.set(0, stored(options.state, seed));
    return (record, emit) => {
      const k = key(record, using);
      const state: State<S> = {
        get exists() {
          return states.get(k) !== undefined;
        },
        get value() {
          return states.get(k) as S;
        },
        set: (value) => states.set(k, stored(options.state, value as S)),
        delete: () => states.delete(k),
      };
      const emitted = (out: R) => {
        // `false`, `null` and `undefined` are nothing to emit.
        if (out) emit(coerceBy(options.out, out));
      };
      run(record, state, emitted, using);
    };
  });
}
