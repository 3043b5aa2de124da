// RxJS as one would write it: groupBy, mergeMap, scan, pairwise, distinctUntilChanged; no state outside of operators

import {
  distinctUntilChanged,
  filter,
  groupBy,
  map,
  mergeMap,
  type OperatorFunction,
  pairwise,
  pipe,
  scan,
} from 'rxjs';
import {
  type Alert,
  type AverageSummary,
  type Reading,
  type SumSummary,
  windowKey,
  windowOf,
} from '../workloads/reading-workload.js';
import type { PushPipelines } from './contestant.js';
import { connect } from './rxjs-connect.js';

export const rxjsIdiomatic: PushPipelines = {
  sensor: (sinks) => connect(summarize, sumAlerts, sinks),

  service: (sinks) =>
    connect(
      pipe(
        distinctBy(
          (r: Reading) => Math.floor(r.value * 1000) * 4096 + r.id,
          (a, b) => a.id === b.id && a.value === b.value && a.ts === b.ts,
        ),
        summarize,
      ),
      pipe(
        sumAlerts,
        distinctBy(
          (a: Alert) => a.id,
          (a, b) => a.id === b.id && a.ts === b.ts && a.severity === b.severity,
        ),
      ),
      sinks,
    ),

  'many-keys': (sinks) => connect(averages, averageAlerts, sinks),
};

const summarize: OperatorFunction<Reading, SumSummary> = pipe(
  groupBy((r) => windowKey(r.id, r.ts)),
  mergeMap((group) =>
    group.pipe(
      scan<Reading, SumSummary, undefined>(
        (s, { id, value, ts }) =>
          s === undefined
            ? { id, min: value, max: value, sum: 0, count: 1, ts: windowOf(ts) }
            : {
                ...s,
                min: Math.min(s.min, value),
                max: Math.max(s.max, value),
                sum: s.sum + value,
                count: s.count + 1,
              },
        undefined,
      ),
    ),
  ),
);

const averages: OperatorFunction<Reading, AverageSummary> = pipe(
  groupBy((r) => windowKey(r.id, r.ts)),
  mergeMap((group) =>
    group.pipe(
      scan<Reading, AverageSummary, undefined>(
        (s, { id, value, ts }) =>
          s === undefined
            ? { id, min: value, max: value, avg: value, count: 1, ts: windowOf(ts) }
            : {
                ...s,
                min: Math.min(s.min, value),
                max: Math.max(s.max, value),
                avg: (s.avg * s.count + value) / (s.count + 1),
                count: s.count + 1,
              },
        undefined,
      ),
    ),
  ),
);

const sumAlerts = risesBy((s: SumSummary) => s.sum / s.count);
const averageAlerts = risesBy((s: AverageSummary) => s.avg);

function risesBy<S extends { id: number; ts: number }>(
  average: (summary: S) => number,
): OperatorFunction<S, Alert> {
  return pipe(
    groupBy((s) => s.id),
    mergeMap((group) =>
      group.pipe(
        pairwise(),
        filter(([prev, curr]) => average(curr) > average(prev) * 1.5),
        map(([, { id, ts }]) => ({ id, ts, severity: 1 })),
      ),
    ),
  );
}

function distinctBy<T>(key: (value: T) => number, same: (a: T, b: T) => boolean): OperatorFunction<T, T> {
  return pipe(
    groupBy(key),
    mergeMap((group) => group.pipe(distinctUntilChanged(same))),
  );
}
