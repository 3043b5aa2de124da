// One observation: a contestant, in a process of its own, runs a workload once and says what it took

import process from 'node:process';
import { GCProfiler } from 'node:v8';
import type { Contestant, Sinks } from '../contestants/contestant.js';
import { Checksum, type Digest } from '../workloads/checksum.js';
import { addAlert, type ReadingWorkload, WARM_UP_ID_OFFSET } from '../workloads/reading-workload.js';

/** What a process is told to observe. */
export interface Order {
  readonly workload: string;
  readonly contestant: string;
  readonly size: number;
  readonly warmUpSize: number;
  /** The alerts that the workload is known to give. */
  readonly expected: Digest;
}

export interface Observation {
  readonly records: number;
  /** From before the first record went in until the last result was out. */
  readonly ms: number;
  /** Collections on the feeding thread, and the time they took. */
  readonly collections: number;
  readonly collectionMs: number;
  /** Of the whole process from its start, workers included. */
  readonly peakRssBytes: number;
}

/**
 * Warms the contestant up with other keys than those measured, runs the workload, and checks what came out.
 *
 * @throws {Error} If the alerts are not the expected ones.
 */
export async function observe<Summary>(
  workload: ReadingWorkload<Summary>,
  contestant: Contestant<Summary>,
  order: Order,
): Promise<Observation> {
  let alerts = new Checksum();
  const sinks: Sinks<Summary> = { alert: (alert) => addAlert(alerts, alert) };
  const pipeline = contestant.open(workload, sinks);
  await pipeline.feed(order.warmUpSize, WARM_UP_ID_OFFSET);

  alerts = new Checksum();
  globalThis.gc?.();
  const profiler = new GCProfiler();
  profiler.start();
  const start = process.hrtime.bigint();
  await pipeline.feed(order.size, 0);
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  const { statistics } = profiler.stop();
  await pipeline.close();

  assertDigest(alerts.digest(), order);
  return {
    records: workload.readings(order.size),
    ms,
    collections: statistics.length,
    collectionMs: statistics.reduce((sum, { cost }) => sum + cost, 0) / 1000,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function assertDigest(actual: Digest, { workload, contestant, size, expected }: Order): void {
  const got = JSON.stringify(actual);
  const wanted = JSON.stringify(expected);
  if (got === wanted) return;
  throw new Error(
    `Wrong alerts from ${contestant} in ${workload} of ${size}: expected ${wanted}, got ${got}`,
  );
}
