// How both RxJS contestants are fed and read: a Subject in front, subscribers behind

import { type Observable, type OperatorFunction, Subject, share } from 'rxjs';
import type { Alert, Reading } from '../workloads/reading-workload.js';
import type { Sinks } from './contestant.js';

/** Subscribes the sinks to both steps; the first is shared only if its results are read too. */
export function connect<S>(
  first: OperatorFunction<Reading, S>,
  second: OperatorFunction<S, Alert>,
  sinks: Sinks<S>,
): (reading: Reading) => void {
  const readings = new Subject<Reading>();
  let summaries: Observable<S> = readings.pipe(first);
  if (sinks.summary !== undefined) {
    summaries = summaries.pipe(share());
    summaries.subscribe(sinks.summary);
  }
  summaries.pipe(second).subscribe(sinks.alert);
  return (reading) => readings.next(reading);
}
