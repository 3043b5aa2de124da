// The thread that reads: takes what is published, all words of every record, until the journal ends
import { parentPort, workerData } from 'node:worker_threads';
import {
  EndKind,
  endKind,
  type JournalHandle,
  JournalReader,
  openJournal,
} from '../../../src/journal/index.js';
import { openMemory } from '../../../src/memory/index.js';
import { RecordSums } from './records.js';

/** What the thread is started with. */
export interface ReaderOrder {
  readonly memory: WebAssembly.Memory;
  readonly handle: JournalHandle;
  readonly slot: number;
}

const order = workerData as ReaderOrder;
const memory = openMemory(order.memory);
const journal = openJournal(memory, order.handle);
const reader = new JournalReader(journal, order.slot);
const sums = new RecordSums();

/** Most records that are read before the writer is told. */
const BATCH_RECORDS = 1_024;

parentPort?.postMessage('ready');
for (;;) {
  // Loaded before the records: if it shows, all of them are visible.
  const end = endKind(journal);
  const count = Math.min(
    reader.available(),
    BATCH_RECORDS,
    journal.capacity - (reader.slotIndex & journal.mask),
  );
  if (count > 0) {
    sums.read(memory, reader.address(0), count);
    reader.advance(count);
  } else if (end !== EndKind.OPEN) break;
}
parentPort?.postMessage(sums.digest());
