// The sensor workload with a thousand sensors that take turns: each gives what the one of `sensor` gives, a reading a round
import type { Reading, ReadingColumns, ReadingWorkload, SumSummary } from './reading-workload.js';
import { sensor, TIMES, VALUES } from './sensor.js';

const SENSORS = 1000;

/** Reading i: id = 1 + i mod 1000, value and ts those of reading floor(i / 1000) of `sensor`. */
export const sensor1000: ReadingWorkload<SumSummary> = {
  ...sensor,
  name: 'sensor-1000',
  listed: [],

  feed(size, next: (reading: Reading) => void, idOffset = 0, from = 0, to = size): void {
    let sensor = from % SENSORS;
    let round = Math.floor(from / SENSORS);
    for (let i = from; i < to; i++) {
      next({
        id: 1 + sensor + idOffset,
        value: VALUES[round & 3] as number,
        ts: TIMES[round & 3] as number,
      });
      if (++sensor === SENSORS) {
        sensor = 0;
        round++;
      }
    }
  },

  fill(size, columns: ReadingColumns, from: number, idOffset = 0): number {
    const length = Math.min(columns.id.length, size - from);
    let sensor = from % SENSORS;
    let round = Math.floor(from / SENSORS);
    for (let i = 0; i < length; i++) {
      columns.id[i] = 1 + sensor + idOffset;
      columns.value[i] = VALUES[round & 3] as number;
      columns.ts[i] = TIMES[round & 3] as number;
      if (++sensor === SENSORS) {
        sensor = 0;
        round++;
      }
    }
    return length;
  },
};
