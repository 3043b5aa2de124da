// What sensor, service and many-keys share: their records, the words these count by, and the shape of a workload

import type { Checksum, Digest } from './checksum.js';

export interface Reading {
  id: number;
  value: number;
  ts: number;
}

/** A running summary of one id in one window: of sums in `sensor` and `service`, of averages in `many-keys`. */
export interface SumSummary {
  id: number;
  min: number;
  max: number;
  sum: number;
  count: number;
  ts: number;
}

export interface AverageSummary {
  id: number;
  min: number;
  max: number;
  avg: number;
  count: number;
  ts: number;
}

export interface Alert {
  id: number;
  ts: number;
  severity: number;
}

/** A batch of readings by column. */
export interface ReadingColumns {
  id: Uint32Array;
  value: Float64Array;
  ts: Float64Array;
}

/** What a workload of size `size` is listed to give. */
export interface Listed {
  readonly size: number;
  readonly alerts: Digest;
  readonly summaries?: Digest;
}

/** A deterministic input and the results it is known to give. */
export interface ReadingWorkload<Summary> {
  readonly name: string;
  /** Which pipeline its readings go through. */
  readonly pipeline: 'sensor' | 'service' | 'many-keys';
  readonly listed: readonly Listed[];
  /** The size that a benchmark runs, and the one that a quick benchmark runs. */
  readonly size: number;
  readonly quickSize: number;
  /** Size of the run before the measured one; its ids are moved by `WARM_UP_ID_OFFSET`. */
  readonly warmUpSize: number;
  /** How many readings an input of this size has. */
  readings(size: number): number;
  /** Calls `next` with each reading from `from` to before `to`, a fresh object each time. Every id is moved by `idOffset`. */
  feed(size: number, next: (reading: Reading) => void, idOffset?: number, from?: number, to?: number): void;
  /** Fills `columns` with readings `from` and following; returns how many there were. */
  fill(size: number, columns: ReadingColumns, from: number, idOffset?: number): number;
  /** Adds a summary's words. */
  addSummary(checksum: Checksum, summary: Summary): void;
}

/** Moves a warm-up's keys away from those that are measured, so that it leaves the results as they were. */
export const WARM_UP_ID_OFFSET = 1000;

export const WINDOW = 100000;

/** Start of the window that `ts` is in. */
export function windowOf(ts: number): number {
  return Math.floor(ts / WINDOW) * WINDOW;
}

/** Packs (id, window(ts)) into one number; exact for ids below 4096, a small integer for `ts` below 5e10. */
export function windowKey(id: number, ts: number): number {
  return Math.floor(ts / WINDOW) * 4096 + id;
}

export function addAlert(checksum: Checksum, alert: Alert): void {
  checksum.record();
  checksum.integer(alert.id);
  checksum.integer(alert.ts);
  checksum.int32(alert.severity);
}

export function addSumSummary(checksum: Checksum, summary: SumSummary): void {
  checksum.record();
  checksum.integer(summary.id);
  checksum.float(summary.min);
  checksum.float(summary.max);
  checksum.float(summary.sum);
  checksum.integer(summary.count);
  checksum.integer(summary.ts);
}

export function addAverageSummary(checksum: Checksum, summary: AverageSummary): void {
  checksum.record();
  checksum.integer(summary.id);
  checksum.float(summary.min);
  checksum.float(summary.max);
  checksum.float(summary.avg);
  checksum.integer(summary.count);
  checksum.integer(summary.ts);
}

/** Columns for `length` readings. */
export function readingColumns(length: number): ReadingColumns {
  return {
    id: new Uint32Array(length),
    value: new Float64Array(length),
    ts: new Float64Array(length),
  };
}
