// What a contestant is: one way to run the workloads' pipelines, opened, fed and closed by the harness
import type { Collections } from '../harness/resources.js';
import type {
  Alert,
  AverageSummary,
  Reading,
  ReadingWorkload,
  SumSummary,
} from '../workloads/reading-workload.js';

/** Who gets the results; without `summary` nobody reads the first stage. */
export interface Sinks<Summary> {
  alert(alert: Alert): void;
  summary?: ((summary: Summary) => void) | undefined;
}

/** A running pipeline. It keeps its state from one feed to the next. */
export interface Pipeline {
  /** Feeds the workload and resolves once every result is delivered. */
  feed(size: number, idOffset: number): Promise<void>;
  /** The collections on its other threads since it was last asked, where they can be known. */
  collections?(): Promise<Collections>;
  close(): Promise<void>;
}

export type Open<Summary> = (
  workload: ReadingWorkload<Summary>,
  sinks: Sinks<Summary>,
) => Pipeline | Promise<Pipeline>;

/** The pipelines of the workloads. */
export interface Contestant {
  readonly sensor: Open<SumSummary>;
  readonly service: Open<SumSummary>;
  readonly 'many-keys': Open<AverageSummary>;
}

/** A pipeline that takes readings one by one and has delivered all their results when `next` returns. */
export type Push<Summary> = (sinks: Sinks<Summary>) => (reading: Reading) => void;

export interface PushPipelines {
  readonly sensor: Push<SumSummary>;
  readonly service: Push<SumSummary>;
  readonly 'many-keys': Push<AverageSummary>;
}

/** Makes a contestant of pipelines that run synchronously. */
export function pushContestant(pipelines: PushPipelines): Contestant {
  return {
    sensor: openPush(pipelines.sensor),
    service: openPush(pipelines.service),
    'many-keys': openPush(pipelines['many-keys']),
  };
}

function openPush<Summary>(push: Push<Summary>): Open<Summary> {
  return (workload, sinks) => {
    const next = push(sinks);
    return {
      async feed(size, idOffset) {
        workload.feed(size, next, idOffset);
      },
      async close() {},
    };
  };
}
