// The model of distinctUntilKeyChanged
import type { MonoTypeOperatorFunction } from 'rxjs';
import { distinctUntilChanged } from './distinct-until-changed.js';
import type { ModelOptions, Seen } from './options.js';

export function distinctUntilKeyChanged<T>(
  key: ((record: T, using: Seen) => unknown) | (keyof T & string),
  options: ModelOptions = {},
): MonoTypeOperatorFunction<T> {
  const select = typeof key === 'function' ? key : (record: T) => record[key];
  return distinctUntilChanged<T, unknown>(undefined, select, options);
}
