// The many-keys workloads: a thousand sensors, and a new window with every reading of each, so that every key is new, or with
// every tenth

import {
  type AverageSummary,
  addAverageSummary,
  addSumSummary,
  type Reading,
  type ReadingColumns,
  type ReadingWorkload,
  type SumSummary,
} from './reading-workload.js';

const SENSORS = 1000;
/** Time from one reading to the next, for every (id, window) to occur once, or ten times. */
const NEW_STEP = 10000;
const TEN_STEP = 10;

export const manyKeys: ReadingWorkload<AverageSummary> = {
  name: 'many-keys',
  pipeline: 'many-keys',
  size: 1_000_000,
  quickSize: 50_000,
  warmUpSize: 40_000,
  listed: [
    {
      size: 1_000_000,
      alerts: { count: 1, sum: '989681', hash: '69d612cd99db9384' },
      summaries: { count: 1000000, sum: 'cdabc36db184e371', hash: '5664a015e58847b8' },
    },
  ],

  readings: (size) => size,

  ...readingsEvery(NEW_STEP),
  addSummary: addAverageSummary,
};

/** Ten readings a key, through the pipeline of `sensor`. */
export const tenAKey: ReadingWorkload<SumSummary> = {
  name: 'many-keys-10',
  pipeline: 'sensor',
  size: 5_000_000,
  quickSize: 100_000,
  warmUpSize: 400_000,
  listed: [],
  readings: (size) => size,
  ...readingsEvery(TEN_STEP),
  addSummary: addSumSummary,
};

function readingsEvery(step: number): Pick<ReadingWorkload<unknown>, 'feed' | 'fill'> {
  return {
    feed(size, next: (reading: Reading) => void, idOffset = 0, from = 0, to = size): void {
      for (let i = from; i < to; i++) {
        next({ id: (i % SENSORS) + idOffset, value: valueAt(i), ts: i * step });
      }
    },

    fill(size, columns: ReadingColumns, from: number, idOffset = 0): number {
      const length = Math.min(columns.id.length, size - from);
      for (let i = 0; i < length; i++) {
        columns.id[i] = ((from + i) % SENSORS) + idOffset;
        columns.value[i] = valueAt(from + i);
        columns.ts[i] = (from + i) * step;
      }
      return length;
    },
  };
}

function valueAt(i: number): number {
  return i > 0 && i % SENSORS === 0 ? 50 : 10 + i * 0.0001;
}
