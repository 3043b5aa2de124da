// The model of tap
import { type MonoTypeOperatorFunction, tap as rxTap } from 'rxjs';
import { type ModelOptions, type Seen, seen } from './options.js';

export function tap<T>(
  effect: (record: T, using: Seen) => void,
  options: ModelOptions = {},
): MonoTypeOperatorFunction<T> {
  const using = seen(options.using);
  return rxTap((record) => effect(record, using));
}
