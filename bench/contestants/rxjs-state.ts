// RxJS with hand-written state: `map` and `filter` whose functions keep Maps of their own

import { filter, map, type OperatorFunction, pipe } from 'rxjs';
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

export const rxjsState: PushPipelines = {
  sensor: (sinks) => connect(summarize(), sumAlerts(), sinks),

  service: (sinks) =>
    connect(
      pipe(
        distinctBy(
          (r: Reading) => Math.floor(r.value * 1000) * 4096 + r.id,
          (a, b) => a.id === b.id && a.value === b.value && a.ts === b.ts,
        ),
        summarize(),
      ),
      pipe(
        sumAlerts(),
        distinctBy(
          (a: Alert) => a.id,
          (a, b) => a.id === b.id && a.ts === b.ts && a.severity === b.severity,
        ),
      ),
      sinks,
    ),

  'many-keys': (sinks) => connect(averages(), averageAlerts(), sinks),
};

function summarize(): OperatorFunction<Reading, SumSummary> {
  const summaries = new Map<number, SumSummary>();
  return map(({ id, value, ts }) => {
    const key = windowKey(id, ts);
    let s = summaries.get(key);
    if (s === undefined) {
      s = { id, min: value, max: value, sum: 0, count: 1, ts: windowOf(ts) };
      summaries.set(key, s);
    } else {
      s.min = Math.min(s.min, value);
      s.max = Math.max(s.max, value);
      s.sum += value;
      s.count += 1;
    }
    return { id: s.id, min: s.min, max: s.max, sum: s.sum, count: s.count, ts: s.ts };
  });
}

function averages(): OperatorFunction<Reading, AverageSummary> {
  const summaries = new Map<number, AverageSummary>();
  return map(({ id, value, ts }) => {
    const key = windowKey(id, ts);
    let s = summaries.get(key);
    if (s === undefined) {
      s = { id, min: value, max: value, avg: value, count: 1, ts: windowOf(ts) };
      summaries.set(key, s);
    } else {
      s.min = Math.min(s.min, value);
      s.max = Math.max(s.max, value);
      s.avg = (s.avg * s.count + value) / (s.count + 1);
      s.count += 1;
    }
    return { id: s.id, min: s.min, max: s.max, avg: s.avg, count: s.count, ts: s.ts };
  });
}

function sumAlerts(): OperatorFunction<SumSummary, Alert> {
  const previous = new Map<number, SumSummary>();
  return pipe(
    map((s) => {
      const prev = previous.get(s.id);
      previous.set(s.id, s);
      return prev !== undefined && s.sum / s.count > (prev.sum / prev.count) * 1.5
        ? { id: s.id, ts: s.ts, severity: 1 }
        : undefined;
    }),
    filter((alert) => alert !== undefined),
  );
}

function averageAlerts(): OperatorFunction<AverageSummary, Alert> {
  const previous = new Map<number, AverageSummary>();
  return pipe(
    map((s) => {
      const prev = previous.get(s.id);
      previous.set(s.id, s);
      return prev !== undefined && s.avg > prev.avg * 1.5 ? { id: s.id, ts: s.ts, severity: 1 } : undefined;
    }),
    filter((alert) => alert !== undefined),
  );
}

function distinctBy<T>(key: (value: T) => number, same: (a: T, b: T) => boolean): OperatorFunction<T, T> {
  const last = new Map<number, T>();
  return filter((value) => {
    const k = key(value);
    const prev = last.get(k);
    last.set(k, value);
    return prev === undefined || !same(prev, value);
  });
}
