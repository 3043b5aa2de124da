// Batches when they are due: as far apart as the times of their records say.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { type MboColumns, sliceColumns } from './columns.js';
import type { Batches } from './input.js';

/**
 * Cuts batches so that each piece is given out when its first record is due, and holds all that are due by then.
 *
 * @param speed How many times as fast as recorded.
 */
export async function* paced(batches: Batches, speed: number): AsyncGenerator<MboColumns, void, undefined> {
  let firstNs: bigint | undefined;
  const startMs = performance.now();
  const dueMs = (ts: bigint) => startMs + Number(ts - (firstNs as bigint)) / 1e6 / speed;
  for await (const batch of batches) {
    firstNs ??= batch.ts[0];
    for (let from = 0; from < batch.ts.length; ) {
      const waitMs = dueMs(batch.ts[from]!) - performance.now();
      if (waitMs > 0) {
        // Timers are coarse.
        if (waitMs > 2) await setTimeout(waitMs - 1);
        else await setImmediate();
        continue;
      }
      const now = performance.now();
      let to = from + 1;
      while (to < batch.ts.length && dueMs(batch.ts[to]!) <= now) to++;
      yield sliceColumns(batch, from, to);
      from = to;
    }
  }
}
