// What the tests of journals by hand share.
import { f64, type Journal, type JournalReader, struct } from '../../../src/index.js';

export const Item = struct({ n: f64 }, 'Item');
export type Item = { n: number };

/** Writes numbers up to `to`, with a writer of its own. */
export function write(journal: Journal<Item>, from: number, to: number): void {
  const writer = journal.writer();
  for (let n = from; n < to; n++) writer.write({ n });
  writer.close();
}

/** Reads on to the end. */
export function rest(reader: JournalReader<Item>): number[] {
  const seen: number[] = [];
  while (reader.next()) seen.push(reader.current?.n as number);
  return seen;
}

/** What a call throws. */
export function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it did not throw');
}

export const upTo = (to: number, from = 0) => Array.from({ length: to - from }, (_, i) => from + i);
