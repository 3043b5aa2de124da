// The signals again without the engine, and what both come to.
import { Checksum, type Digest } from '../../bench/workloads/checksum.js';
import { plainBook } from '../../bench/workloads/mbo/plain-book.js';
import { addSignal, type Mbo } from '../../bench/workloads/mbo/records.js';
import type { MboColumns } from './columns.js';
import type { Fills } from './correct-orders.js';
import type { Batches } from './input.js';
import { plainCorrectBook } from './plain-correct-book.js';

/** What the signals of a plain book come to. */
export async function plainDigest(batches: Batches, correct?: Fills): Promise<Digest> {
  const checksum = new Checksum();
  const tell = (signal: Parameters<typeof addSignal>[1]) => addSignal(checksum, signal);
  const next = correct ? plainCorrectBook(tell, correct) : plainBook(tell);
  for await (const batch of batches) for (const record of recordsOf(batch)) next(record);
  return checksum.digest();
}

/** The records of columns, as the plain books take them: whole numbers up to 2^53 are numbers. */
export function* recordsOf(columns: MboColumns): Generator<Mbo> {
  for (let i = 0; i < columns.ts.length; i++) {
    yield {
      ts: columns.ts[i]!,
      orderId: Number(columns.orderId[i]),
      price: Number(columns.price[i]),
      size: columns.size[i]!,
      instrumentId: columns.instrumentId[i]!,
      tsRecv: columns.tsRecv[i]!,
      action: columns.action[i]!,
      side: columns.side[i]!,
    };
  }
}

/** @throws {Error} Unless both are the same. */
export function assertSame(found: Digest, expected: Digest): void {
  for (const part of ['count', 'sum', 'hash'] as const) {
    if (found[part] === expected[part]) continue;
    throw new Error(
      `Cannot confirm the signals: their ${part} is ${found[part]}, that of a plain book ${expected[part]}`,
    );
  }
}
