// The model of distinctUntilChanged: RxJS's own, which compares fields unless told
import { type MonoTypeOperatorFunction, distinctUntilChanged as rxDistinctUntilChanged } from 'rxjs';
import { type ModelOptions, type Seen, seen } from './options.js';
import { same } from './same.js';

export function distinctUntilChanged<T, K = T>(
  comparator: ((previous: K, current: K, using: Seen) => unknown) | undefined = same,
  keySelector: (record: T, using: Seen) => K = (record) => record as unknown as K,
  options: ModelOptions = {},
): MonoTypeOperatorFunction<T> {
  const using = seen(options.using);
  return rxDistinctUntilChanged<T, K>(
    (previous, current) => Boolean(comparator(previous, current, using)),
    (record) => keySelector(record, using),
  );
}
