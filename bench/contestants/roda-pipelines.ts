// The pipelines of sensor, service and many-keys as stages of roda-rx

import { f64, type Placement, type Source, type Stage, type StageOptions, struct, u32, u53 } from 'roda-rx';
import * as op from 'roda-rx/operators';
import type { Alert, AverageSummary, Reading, SumSummary } from '../workloads/reading-workload.js';

export const ReadingStruct = struct({ id: u32, value: f64, ts: u53 }, 'Reading');

/** The two stages of a pipeline, both of which may be subscribed to. */
export interface Stages<Summary> {
  readonly summaries: Stage<Summary>;
  readonly alerts: Stage<Alert>;
}

/** @param placements Of the two stages; where the engine puts them unless told. */
export type BuildStages<Summary> = (
  readings: Source<Reading>,
  placements?: readonly [summaries: Placement, alerts: Placement],
) => Stages<Summary>;

export const buildStages: {
  readonly sensor: BuildStages<SumSummary>;
  readonly service: BuildStages<SumSummary>;
  readonly 'many-keys': BuildStages<AverageSummary>;
} = {
  sensor(readings, placements) {
    const [first, second] = stageOptions(placements);
    const summaries = readings.stage(first, summarize());
    return { summaries, alerts: summaries.stage(second, sumAlerts()) };
  },

  service(readings, placements) {
    const [first, second] = stageOptions(placements);
    const summaries = readings.stage(
      first,
      op.dedupBy((r) => [r.id, Math.floor(r.value * 1000)]),
      summarize(),
    );
    const alerts = summaries.stage(
      second,
      sumAlerts(),
      op.dedupBy((a) => a.id),
    );
    return { summaries, alerts };
  },

  'many-keys'(readings, placements) {
    const [first, second] = stageOptions(placements);
    const summaries = readings.stage(
      first,
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
      second,
      op.delta(
        (s) => s.id,
        (curr, prev) => prev && curr.avg > prev.avg * 1.5 && { id: curr.id, ts: curr.ts, severity: 1 },
      ),
    );
    return { summaries, alerts };
  },
};

function stageOptions(placements: readonly [Placement, Placement] | undefined): [StageOptions, StageOptions] {
  const [summaries, alerts] = placements ?? [];
  return [
    { name: 'summaries', ...(summaries && { placement: summaries }) },
    { name: 'alerts', ...(alerts && { placement: alerts }) },
  ];
}

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
