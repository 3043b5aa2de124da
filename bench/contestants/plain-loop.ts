// Plain loops: each pipeline written out by hand, over objects and Maps with packed number keys

import {
  type AverageSummary,
  type Reading,
  type SumSummary,
  windowKey,
  windowOf,
} from '../workloads/reading-workload.js';
import type { PushPipelines, Sinks } from './contestant.js';

export const plainLoop: PushPipelines = {
  sensor: sensorLoop,

  service(sinks) {
    const readings = new Map<number, Reading>();
    const alerts = new Map<number, { ts: number; severity: number }>();
    const next = sensorLoop({
      summary: sinks.summary,
      alert(alert) {
        const last = alerts.get(alert.id);
        if (last === undefined) alerts.set(alert.id, { ts: alert.ts, severity: alert.severity });
        else if (Object.is(last.ts, alert.ts) && Object.is(last.severity, alert.severity)) return;
        else {
          last.ts = alert.ts;
          last.severity = alert.severity;
        }
        sinks.alert(alert);
      },
    });
    return (reading) => {
      const key = Math.floor(reading.value * 1000) * 4096 + reading.id;
      const last = readings.get(key);
      if (last === undefined) readings.set(key, { ...reading });
      else if (Object.is(last.ts, reading.ts) && Object.is(last.value, reading.value)) return;
      else {
        last.value = reading.value;
        last.ts = reading.ts;
      }
      next(reading);
    };
  },

  'many-keys'(sinks) {
    const summaries = new Map<number, AverageSummary>();
    const averages = new Map<number, { avg: number }>();
    return ({ id, value, ts }) => {
      const key = windowKey(id, ts);
      let summary = summaries.get(key);
      if (summary === undefined) {
        summary = { id, min: value, max: value, avg: value, count: 1, ts: windowOf(ts) };
        summaries.set(key, summary);
      } else {
        summary.min = Math.min(summary.min, value);
        summary.max = Math.max(summary.max, value);
        summary.avg = (summary.avg * summary.count + value) / (summary.count + 1);
        summary.count += 1;
      }
      sinks.summary?.(summary);

      const prev = averages.get(id);
      if (prev === undefined) averages.set(id, { avg: summary.avg });
      else {
        const risen = summary.avg > prev.avg * 1.5;
        prev.avg = summary.avg;
        if (risen) sinks.alert({ id, ts: summary.ts, severity: 1 });
      }
    };
  },
};

function sensorLoop(sinks: Sinks<SumSummary>): (reading: Reading) => void {
  const summaries = new Map<number, SumSummary>();
  const averages = new Map<number, { sum: number; count: number }>();
  return ({ id, value, ts }) => {
    const key = windowKey(id, ts);
    let summary = summaries.get(key);
    if (summary === undefined) {
      summary = { id, min: value, max: value, sum: 0, count: 1, ts: windowOf(ts) };
      summaries.set(key, summary);
    } else {
      summary.min = Math.min(summary.min, value);
      summary.max = Math.max(summary.max, value);
      summary.sum += value;
      summary.count += 1;
    }
    sinks.summary?.(summary);

    const prev = averages.get(id);
    if (prev === undefined) averages.set(id, { sum: summary.sum, count: summary.count });
    else {
      const risen = summary.sum / summary.count > (prev.sum / prev.count) * 1.5;
      prev.sum = summary.sum;
      prev.count = summary.count;
      if (risen) sinks.alert({ id, ts: summary.ts, severity: 1 });
    }
  };
}
