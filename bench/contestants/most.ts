// @most/core as one would write it: `loop`, whose seed is a Map with the state of each key, and `filter`
import { filter, loop, multicast, newStream, runEffects, tap } from '@most/core';
import { currentTime, newDefaultScheduler } from '@most/scheduler';
import type { Scheduler, Sink, Stream } from '@most/types';
import {
  type Alert,
  type AverageSummary,
  type Reading,
  type SumSummary,
  windowKey,
  windowOf,
} from '../workloads/reading-workload.js';
import type { PushPipelines, Sinks } from './contestant.js';

type Transform<A, B> = (stream: Stream<A>) => Stream<B>;

export const mostCore: PushPipelines = {
  sensor: (sinks) => connect(summarize, sumAlerts, sinks),

  service: (sinks) =>
    connect(
      (readings: Stream<Reading>) =>
        summarize(
          distinctBy(
            (r: Reading) => Math.floor(r.value * 1000) * 4096 + r.id,
            (a, b) => a.id === b.id && a.value === b.value && a.ts === b.ts,
            readings,
          ),
        ),
      (summaries) =>
        distinctBy(
          (a: Alert) => a.id,
          (a, b) => a.id === b.id && a.ts === b.ts && a.severity === b.severity,
          sumAlerts(summaries),
        ),
      sinks,
    ),

  'many-keys': (sinks) => connect(averages, averageAlerts, sinks),
};

/** Runs both steps with the sinks behind them; the first is shared only if its results are read too. */
function connect<S>(
  first: Transform<Reading, S>,
  second: Transform<S, Alert>,
  sinks: Sinks<S>,
): (reading: Reading) => void {
  const scheduler = newDefaultScheduler();
  let entrance: Sink<Reading> | undefined;
  const readings = newStream<Reading>((sink: Sink<Reading>, _: Scheduler) => {
    entrance = sink;
    return { dispose() {} };
  });
  let summaries = first(readings);
  if (sinks.summary !== undefined) {
    summaries = multicast(summaries);
    void runEffects(tap(sinks.summary, summaries), scheduler);
  }
  void runEffects(
    tap((alert) => sinks.alert(alert), second(summaries)),
    scheduler,
  );
  // Every event carries a time that no operator here looks at: the same for all, since reading the clock for each would
  // cost about as much as the pipeline.
  const time = currentTime(scheduler);
  return (reading) => entrance?.event(time, reading);
}

const summarize: Transform<Reading, SumSummary> = (readings) =>
  loop(
    (summaries: Map<number, SumSummary>, { id, value, ts }: Reading) => {
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
      // A copy, because the state changes; written out, because a spread costs more than all of the pipeline.
      const summary = { id: s.id, min: s.min, max: s.max, sum: s.sum, count: s.count, ts: s.ts };
      return { seed: summaries, value: summary };
    },
    new Map(),
    readings,
  );

const averages: Transform<Reading, AverageSummary> = (readings) =>
  loop(
    (summaries: Map<number, AverageSummary>, { id, value, ts }: Reading) => {
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
      // A copy, because the state changes; written out, because a spread costs more than all of the pipeline.
      const summary = { id: s.id, min: s.min, max: s.max, avg: s.avg, count: s.count, ts: s.ts };
      return { seed: summaries, value: summary };
    },
    new Map(),
    readings,
  );

const sumAlerts = risesBy((s: SumSummary) => s.sum / s.count);
const averageAlerts = risesBy((s: AverageSummary) => s.avg);

function risesBy<S extends { id: number; ts: number }>(average: (summary: S) => number): Transform<S, Alert> {
  return (summaries) =>
    present(
      loop(
        (previous: Map<number, S>, curr: S) => {
          const prev = previous.get(curr.id);
          previous.set(curr.id, curr);
          const value: Alert | undefined =
            prev !== undefined && average(curr) > average(prev) * 1.5
              ? { id: curr.id, ts: curr.ts, severity: 1 }
              : undefined;
          return { seed: previous, value };
        },
        new Map(),
        summaries,
      ),
    );
}

function distinctBy<T>(
  key: (value: T) => number,
  same: (a: T, b: T) => boolean,
  values: Stream<T>,
): Stream<T> {
  return present(
    loop(
      (last: Map<number, T>, value: T) => {
        const k = key(value);
        const prev = last.get(k);
        last.set(k, value);
        return { seed: last, value: prev !== undefined && same(prev, value) ? undefined : value };
      },
      new Map(),
      values,
    ),
  );
}

function present<T>(values: Stream<T | undefined>): Stream<T> {
  return filter((value): value is T => value !== undefined, values);
}
