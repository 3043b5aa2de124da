// A reader in a thread of its own, there from the first record on, until the end or for a while.
import { openJournal } from '../../../src/journal/index.js';
import type { Outcome, ReadOrder, Tools } from '../orders.js';
import { waitUntil } from '../waiting.js';
import { CheckedReader } from './checked-reader.js';

export function read(tools: Tools, order: ReadOrder): Outcome {
  const { memory } = tools;
  const { plan, bell, line } = order;
  const journal = openJournal(memory, order.journal);
  const reader = new CheckedReader(tools, journal, line, plan);
  while (plan.leavesAfter === 0 || reader.records < plan.leavesAfter) {
    if (reader.turn() === 0) {
      if (reader.atEnd) break;
      waitUntil(memory, bell, plan.wait, reader.isReady);
    }
    memory.i32[order.progress] = reader.records;
  }
  reader.leave();
  return { records: reader.records, lost: reader.lost, stayed: reader.atEnd };
}
