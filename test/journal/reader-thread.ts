// A thread that opens a journal by its handle and checks every record: sequence and contents must belong together.
import { workerData } from 'node:worker_threads';
import {
  EndKind,
  endKind,
  type JournalHandle,
  JournalReader,
  openJournal,
  sleepUntilRung,
} from '../../src/journal/index.js';
import { openMemory } from '../../src/memory/index.js';

export interface ReaderOrder {
  readonly memory: WebAssembly.Memory;
  readonly handle: JournalHandle;
  readonly slot: number;
  readonly bell: number;
  readonly gating: boolean;
  readonly results: SharedArrayBuffer;
}

const { memory: wasm, handle, slot, bell, gating, results } = workerData as ReaderOrder;
const memory = openMemory(wasm);
const journal = openJournal(memory, handle);
const reader = new JournalReader(journal, slot);
const { f64 } = memory;

let read = 0;
let lost = 0;
let wrong = 0;
const copies = new Float64Array(3 * 64);

/** Copies up to 64 records from the position on, as a lapped reader must before it looks at them. */
function copyBatch(count: number): void {
  for (let i = 0; i < count; i++) {
    const p = reader.address(i);
    for (let word = 0; word < 3; word++) copies[3 * i + word] = f64[p + word] as number;
  }
}

for (;;) {
  const end = endKind(journal);
  if (!gating && reader.lag() > journal.capacity) {
    const skipped = reader.oldest() - reader.position;
    lost += skipped;
    reader.advance(skipped);
  }
  const count = Math.min(reader.available(), 64);
  if (count <= 0) {
    if (end !== EndKind.OPEN) break;
    sleepUntilRung(memory, bell, () => reader.available() > 0 || endKind(journal) !== EndKind.OPEN, 1_000);
    continue;
  }
  copyBatch(count);
  const overwritten = gating ? 0 : reader.lost(count);
  for (let i = overwritten; i < count; i++) {
    const sequence = reader.position + i;
    for (let word = 0; word < 3; word++) if (copies[3 * i + word] !== sequence + word / 4) wrong++;
  }
  lost += overwritten;
  read += count - overwritten;
  reader.advance(count);
}
new Float64Array(results).set([read, lost, wrong]);
