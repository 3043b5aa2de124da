// The keys workload: a number of keys, each met once in order, and then again and again in an order that no cache foresees
import {
  addSumSummary,
  type Reading,
  type ReadingColumns,
  type ReadingWorkload,
  type SumSummary,
} from './reading-workload.js';

/**
 * Reading i: id = i for i < keys; else id = m mod keys, where m mixes i. value = 10 + (m mod 16); ts = 0, so that an id is a
 * key of both tables of the `sensor` pipeline.
 */
export function keysWorkload(keys: number): ReadingWorkload<SumSummary> {
  const idAt = (i: number, m: number): number => (i < keys ? i : m % keys);
  return {
    name: `keys-${keys}`,
    pipeline: 'sensor',
    size: 10_000_000,
    quickSize: 100_000,
    warmUpSize: 0,
    listed: [],
    readings: (size) => size,

    feed(size, next: (reading: Reading) => void, idOffset = 0, from = 0, to = size): void {
      for (let i = from; i < to; i++) {
        const m = mix(i);
        next({ id: idAt(i, m) + idOffset, value: 10 + (m & 15), ts: 0 });
      }
    },

    fill(size, columns: ReadingColumns, from: number, idOffset = 0): number {
      const length = Math.min(columns.id.length, size - from);
      for (let i = 0; i < length; i++) {
        const m = mix(from + i);
        columns.id[i] = idAt(from + i, m) + idOffset;
        columns.value[i] = 10 + (m & 15);
        columns.ts[i] = 0;
      }
      return length;
    },

    addSummary: addSumSummary,
  };
}

/** 32 bits that look like chance: the last step of MurmurHash3. */
export function mix(i: number): number {
  let h = Math.imul(i ^ (i >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
