// The model of map
import { type OperatorFunction, map as rxMap } from 'rxjs';
import { coerceBy } from './coerce.js';
import { type OutputModelOptions, type Seen, seen } from './options.js';

export function map<T, R extends object>(
  project: (record: T, using: Seen) => R,
  options: OutputModelOptions<R> = {},
): OperatorFunction<T, R> {
  const using = seen(options.using);
  return rxMap((record) => coerceBy(options.out, project(record, using)));
}
