// The generated market in memory, so that making it isn't measured: columns, and the same as objects for the plain book.

import { recordsOf } from '../../../examples/mbo-replay/check.js';
import { type MboColumns, mboColumns, sliceColumns } from '../../../examples/mbo-replay/columns.js';
import { generateMbo } from '../../../examples/mbo-replay/generated.js';
import { CLEAR, type Mbo, NO_SIDE } from '../../workloads/mbo/records.js';

const BATCH = 4_096;

/** Moves a warm-up's instruments away from those that are measured. */
const WARM_UP_OFFSET = 1_000_000;

/** The first records of the market in batches. */
export function marketBatches(records: number): MboColumns[] {
  const batches: MboColumns[] = [];
  for (const batch of generateMbo(records, BATCH)) {
    const copy = mboColumns(batch.ts.length);
    for (const name of Object.keys(copy) as (keyof MboColumns)[]) copy[name].set(batch[name] as never);
    batches.push(copy);
  }
  return batches;
}

/** As {@link marketBatches}, of other instruments, all of which are cleared at the end: nothing rests after it. */
export function warmUpBatches(records: number): MboColumns[] {
  const batches = marketBatches(records);
  const seen = new Set<number>();
  for (const { instrumentId } of batches) {
    for (let i = 0; i < instrumentId.length; i++) {
      instrumentId[i]! += WARM_UP_OFFSET;
      seen.add(instrumentId[i]!);
    }
  }
  const clear = mboColumns(seen.size);
  clear.instrumentId.set([...seen]);
  clear.action.fill(CLEAR);
  clear.side.fill(NO_SIDE);
  return [...batches, sliceColumns(clear, 0, seen.size)];
}

/** The records of batches as the plain book takes them. */
export function* marketRecords(batches: readonly MboColumns[]): Generator<Mbo> {
  for (const batch of batches) yield* recordsOf(batch);
}
