// A relay: passes every record of one journal on into another, with one bell for records and for room, as a stage does.
import {
  EndKind,
  endKind,
  JournalReader,
  JournalWriter,
  leaveReader,
  openJournal,
} from '../../../src/journal/index.js';
import { Fault, type Outcome, type RelayOrder, type Tools } from '../orders.js';
import { describeRecord, holdsRecord } from '../record.js';
import { waitForRoom, waitUntil } from '../waiting.js';

export function relay({ memory, random }: Tools, order: RelayOrder): Outcome {
  const { bell, wait } = order;
  const { i32 } = memory;
  const input = openJournal(memory, order.journal);
  const output = openJournal(memory, order.output);
  const reader = new JournalReader(input, order.line);
  const writer = new JournalWriter(output);
  const cells = 2 * input.recordWords;
  const isReady = () => reader.available() > 0 || endKind(input) !== EndKind.OPEN;
  for (;;) {
    const end = endKind(input);
    const count = Math.min(reader.available(), random.integer(1, 64));
    if (count === 0) {
      if (end !== EndKind.OPEN) break;
      waitUntil(memory, bell, wait, isReady);
      continue;
    }
    writer.look();
    for (let i = 0; i < count; i++) {
      const from = reader.address(i);
      const sequence = reader.position + i;
      if (!holdsRecord(i32, from, input.recordWords, sequence)) {
        const what = describeRecord(i32, from, input.recordWords, sequence);
        throw new Fault('record', `the relay was shown ${what}`);
      }
      if (writer.isFull) waitForRoom(memory, bell, wait, writer);
      const to = writer.claim();
      i32.copyWithin(2 * to, 2 * from, 2 * from + cells);
    }
    writer.publish();
    reader.advance(count);
    i32[order.progress] = reader.position;
  }
  writer.end(EndKind.COMPLETE);
  leaveReader(input, order.line);
  return { records: reader.position - input.start, lost: 0 };
}
