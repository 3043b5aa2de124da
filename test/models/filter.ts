// The model of filter
import { type MonoTypeOperatorFunction, filter as rxFilter } from 'rxjs';
import { type ModelOptions, type Seen, seen } from './options.js';

export function filter<T>(
  predicate: (record: T, using: Seen) => unknown,
  options: ModelOptions = {},
): MonoTypeOperatorFunction<T> {
  const using = seen(options.using);
  return rxFilter((record) => Boolean(predicate(record, using)));
}
