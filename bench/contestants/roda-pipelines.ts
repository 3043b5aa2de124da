// The pipelines of sensor, service and many-keys as stages of roda-rx

import type { Source } from 'roda-rx';
import { f64, type Stage, struct, u32, u53 } from 'roda-rx';
import * as op from 'roda-rx/operators';
import type { Alert, AverageSummary, Reading, SumSummary } from '../workloads/reading-workload.js';

export const ReadingStruct = struct({ id: u32, value: f64, ts: u53 }, 'Reading');

/** The two stages of a pipeline, both of which may be subscribed to. */
export interface Stages<Summary> {
  readonly summaries: Stage<Summary>;
  readonly alerts: Stage<Alert>;
}

export type BuildStages<Summary> = (readings: Source<Reading>) => Stages<Summary>;

export const buildStages: {
  readonly sensor: BuildStages<SumSummary>;
  readonly service: BuildStages<SumSummary>;
  readonly 'many-keys': BuildStages<AverageSummary>;
} = {
  sensor(readings) {
    const summaries = readings.stage({ name: 'summaries' }, summarize());
    return { summaries, alerts: summaries.stage({ name: 'alerts' }, sumAlerts()) };
  },

  service(readings) {
    const summaries = readings.stage(
      { name: 'summaries' },
      op.dedupBy((r) => [r.id, Math.floor(r.value * 1000)]),
      summarize(),
    );
    const alerts = summaries.stage(
      { name: 'alerts' },
      sumAlerts(),
      op.dedupBy((a) => a.id),
    );
    return { summaries, alerts };
  },

  'many-keys'(readings) {
    const summaries = readings.stage(
      { name: 'summaries' },
      op.stateful(
        (r) => [r.id, Math.floor(r.ts / 100000)],
        (r) => ({
          id: r.id,
          min: r.value,
          max: r.value,
          avg: r.value,
          count: 1,
          ts: Math.floor(r.ts / 100000) * 100000,
        }),
        (s, r) => {
          s.min = Math.min(s.min, r.value);
          s.max = Math.max(s.max, r.value);
          s.avg = (s.avg * s.count + r.value) / (s.count + 1);
          s.count += 1;
        },
      ),
    );
    const alerts = summaries.stage(
      { name: 'alerts' },
      op.delta(
        (s) => s.id,
        (curr, prev) => prev && curr.avg > prev.avg * 1.5 && { id: curr.id, ts: curr.ts, severity: 1 },
      ),
    );
    return { summaries, alerts };
  },
};

function summarize() {
  return op.stateful(
    (r: Reading) => [r.id, Math.floor(r.ts / 100000)],
    (r) => ({
      id: r.id,
      min: r.value,
      max: r.value,
      sum: 0,
      count: 1,
      ts: Math.floor(r.ts / 100000) * 100000,
    }),
    (s, r) => {
      s.min = Math.min(s.min, r.value);
      s.max = Math.max(s.max, r.value);
      s.sum += r.value;
      s.count += 1;
    },
  );
}

function sumAlerts() {
  return op.delta(
    (s: SumSummary) => s.id,
    (curr, prev) =>
      prev &&
      curr.sum / curr.count > (prev.sum / prev.count) * 1.5 && { id: curr.id, ts: curr.ts, severity: 1 },
  );
}
