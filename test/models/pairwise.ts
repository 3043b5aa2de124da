// The model of pairwise
import { map, type OperatorFunction, pipe, pairwise as rxPairwise } from 'rxjs';

export function pairwise<T>(): OperatorFunction<T, { prev: T; curr: T }> {
  return pipe(
    rxPairwise<T>(),
    map(([prev, curr]) => ({ prev, curr })),
  );
}
