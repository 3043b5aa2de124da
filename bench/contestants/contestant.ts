// What a contestant is: one way to run a workload's pipeline, opened, fed and closed by the harness

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

/** A pipeline that takes readings one by one and has delivered all their results when `next` returns. */
export type Push<Summary> = (sinks: Sinks<Summary>) => (reading: Reading) => void;

/** A running pipeline. It keeps its state from one feed to the next. */
export interface Pipeline {
  /** Feeds the workload and resolves once every result is delivered. */
  feed(size: number, idOffset: number): Promise<void>;
  close(): Promise<void>;
}

export interface Contestant<Summary> {
  readonly name: string;
  open(workload: ReadingWorkload<Summary>, sinks: Sinks<Summary>): Pipeline;
}

/** The three pipelines a contestant of one kind implements. */
export interface PushPipelines {
  readonly sensor: Push<SumSummary>;
  readonly service: Push<SumSummary>;
  readonly 'many-keys': Push<AverageSummary>;
}

/** Makes a contestant of a pipeline that runs synchronously. */
export function pushContestant<Summary>(name: string, push: Push<Summary>): Contestant<Summary> {
  return {
    name,
    open(workload, sinks) {
      const next = push(sinks);
      return {
        async feed(size, idOffset) {
          workload.feed(size, next, idOffset);
        },
        async close() {},
      };
    },
  };
}
