// The plain loop behind a thread's door: takes batches of readings, returns what came of each
import type { Alert, Reading } from '../../workloads/reading-workload.js';
import type { Push } from '../contestant.js';
import { plainLoop } from '../plain-loop.js';

/** What a thread is started with. */
export interface BatchOrder {
  readonly workload: keyof typeof plainLoop;
  /** Whether somebody wants the summaries. */
  readonly summaries: boolean;
}

/** The results of one batch. */
export interface BatchResult {
  readonly alerts: readonly Alert[];
  readonly summaries: readonly unknown[];
}

/** Readings in a batch: with fewer the messages cost more than the readings, with more they don't get any cheaper. */
export const BATCH_READINGS = 1_024;
/** Batches that are on their way at once, so that neither thread waits for the other and memory stays bounded. */
export const BATCHES_UNDER_WAY = 16;

/** The loop of a workload; its state lasts from batch to batch. */
export function batchLoop({ workload, summaries }: BatchOrder): (batch: readonly Reading[]) => BatchResult {
  let alertsOf: Alert[] = [];
  let summariesOf: unknown[] = [];
  const push = plainLoop[workload] as Push<unknown>;
  const next = push({
    alert: (alert) => alertsOf.push(alert),
    // The loop goes on changing its summaries.
    summary: summaries ? (summary) => summariesOf.push({ ...(summary as object) }) : undefined,
  });
  return (batch) => {
    alertsOf = [];
    summariesOf = [];
    for (const reading of batch) next(reading);
    return { alerts: alertsOf, summaries: summariesOf };
  };
}
