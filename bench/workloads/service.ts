// The service workload: a service's health readings, de-duplicated before and after; few alerts, all kept

import {
  addSumSummary,
  type Reading,
  type ReadingColumns,
  type ReadingWorkload,
  type SumSummary,
} from './reading-workload.js';

/** Two readings of service 2 come before the `size` readings of service 1. */
const PRELUDE = 2;

export const service: ReadingWorkload<SumSummary> = {
  name: 'service',
  pipeline: 'service',
  size: 10_000_000,
  quickSize: 200_000,
  warmUpSize: 1_000_000,
  listed: [
    { size: 1000, alerts: { count: 2, sum: '5', hash: 'f9c09357b4333e16' } },
    {
      size: 10_000_000,
      alerts: { count: 101, sum: '1d811a8b', hash: 'd407610fa18bb7ba' },
      summaries: { count: 10000002, sum: '918597f9892201c7', hash: '363b5b2aa2eaeb36' },
    },
  ],

  readings: (size) => size + PRELUDE,

  feed(size, next: (reading: Reading) => void, idOffset = 0, from = 0, to = size + PRELUDE): void {
    for (let at = from; at < Math.min(to, PRELUDE); at++) {
      next({ id: 2 + idOffset, value: at === 0 ? 10 : 100, ts: at });
    }
    const id = 1 + idOffset;
    for (let at = Math.max(from, PRELUDE); at < to; at++) next({ id, value: 10, ts: at - PRELUDE });
  },

  fill(size, columns: ReadingColumns, from: number, idOffset = 0): number {
    const length = Math.min(columns.id.length, size + PRELUDE - from);
    for (let i = 0; i < length; i++) {
      const at = from + i;
      columns.id[i] = (at < PRELUDE ? 2 : 1) + idOffset;
      columns.value[i] = at === 1 ? 100 : 10;
      columns.ts[i] = at < PRELUDE ? at : at - PRELUDE;
    }
    return length;
  },

  addSummary: addSumSummary,
};
