// The sensor workload: one sensor, four readings in two windows, over and over; every fourth raises an alert

import {
  addSumSummary,
  type Reading,
  type ReadingColumns,
  type ReadingWorkload,
  type SumSummary,
} from './reading-workload.js';

export const VALUES = Float64Array.of(10, 12, 20, 22);
export const TIMES = Float64Array.of(10000, 20000, 110000, 120000);

export const sensor: ReadingWorkload<SumSummary> = {
  name: 'sensor',
  pipeline: 'sensor',
  size: 10_000_000,
  quickSize: 200_000,
  warmUpSize: 10_000_000,
  listed: [
    { size: 1000, alerts: { count: 251, sum: '17d7a36', hash: 'd01cff1111e92f07' } },
    {
      size: 10_000_000,
      alerts: { count: 2500001, sum: '3a35758f42', hash: '209f9d35b6b1f33f' },
      summaries: { count: 10000000, sum: '88ef97b94f55f9c0', hash: 'f591100e71602625' },
    },
  ],

  readings: (size) => size,

  feed(size, next: (reading: Reading) => void, idOffset = 0, from = 0, to = size): void {
    const id = 1 + idOffset;
    for (let i = from; i < to; i++) {
      next({ id, value: VALUES[i & 3] as number, ts: TIMES[i & 3] as number });
    }
  },

  fill(size, columns: ReadingColumns, from: number, idOffset = 0): number {
    const length = Math.min(columns.id.length, size - from);
    for (let i = 0; i < length; i++) {
      columns.id[i] = 1 + idOffset;
      columns.value[i] = VALUES[(from + i) & 3] as number;
      columns.ts[i] = TIMES[(from + i) & 3] as number;
    }
    return length;
  },

  addSummary: addSumSummary,
};
