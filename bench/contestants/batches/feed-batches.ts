// Feeds a workload in batches of plain objects to somebody who answers later, a bounded number of them at a time
import type { Reading, ReadingWorkload } from '../../workloads/reading-workload.js';
import type { Sinks } from '../contestant.js';
import { BATCH_READINGS, BATCHES_UNDER_WAY, type BatchResult } from './batch-loop.js';

/** @param send Hands a batch over; resolves with its results, batches in the order in which they were sent. */
export async function feedBatches<Summary>(
  workload: ReadingWorkload<Summary>,
  sinks: Sinks<Summary>,
  send: (batch: readonly Reading[]) => Promise<BatchResult>,
  size: number,
  idOffset: number,
): Promise<void> {
  const total = workload.readings(size);
  const underWay: Promise<void>[] = [];
  for (let from = 0; from < total; from += BATCH_READINGS) {
    const batch: Reading[] = [];
    const to = Math.min(total, from + BATCH_READINGS);
    workload.feed(size, (reading) => batch.push(reading), idOffset, from, to);
    underWay.push(send(batch).then((result) => deliver(result, sinks)));
    if (underWay.length === BATCHES_UNDER_WAY) await underWay.shift();
  }
  await Promise.all(underWay);
}

function deliver<Summary>({ alerts, summaries }: BatchResult, sinks: Sinks<Summary>): void {
  for (const summary of summaries) sinks.summary?.(summary as Summary);
  for (const alert of alerts) sinks.alert(alert);
}
