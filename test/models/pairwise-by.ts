// The model of pairwiseBy
import type { OperatorFunction } from 'rxjs';
import { delta } from './delta.js';
import type { KeyedModelOptions, Seen } from './options.js';

export function pairwiseBy<T>(
  key: (record: T, using: Seen) => unknown,
  options: KeyedModelOptions = {},
): OperatorFunction<T, { prev: T; curr: T }> {
  return delta(key, (curr: T, prev) => prev !== undefined && { prev, curr }, options);
}
