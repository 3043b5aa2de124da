// The writer: claims one by one or in runs, publishes in batches, waits for room, takes claims back, ends or dies.
import { READERS } from '../../../src/journal/descriptor.js';
import {
  EndKind,
  JournalWriter,
  openJournal,
  publishedSequence,
  readerPosition,
} from '../../../src/journal/index.js';
import type { Memory } from '../../../src/memory/index.js';
import { pause } from '../jitter.js';
import { Fault, type Outcome, type Tools, type WriteOrder } from '../orders.js';
import { writeRecord } from '../record.js';
import { waitForRoom } from '../waiting.js';

/** One rest, until all readers are there, in so many rounds. */
const SETTLING = 200;
/** One look at the relay in so many rounds. */
const RELAY_LOOKS = 16;

export function write({ memory, random }: Tools, order: WriteOrder): Outcome {
  const { scenario, bell } = order;
  const { recordWords, start, jitter } = scenario;
  const { wait, batch, bulk, looks, refuses, settles, dies } = scenario.writer;
  const journal = openJournal(memory, order.journal);
  const writer = new JournalWriter(journal);
  const { cells, i32 } = memory;
  const limit = start + scenario.records;
  let sequence = start;
  let rounds = 0;

  /** Writes the next records into slots that lie one after the other. */
  const fill = (address: number, count: number) => {
    for (let i = 0; i < count; i++) {
      if (jitter && random.oneIn(8)) tear(address + i * recordWords);
      writeRecord(i32, address + i * recordWords, recordWords, sequence++);
    }
  };
  /** Leaves the record half written for a while. */
  const tear = (address: number) => {
    writeRecord(i32, address, random.integer(1, recordWords), sequence);
    pause(random);
  };

  /** Writes a record in part that is then refused, now and then. */
  const refuse = (address: number): boolean => {
    if (refuses === 0 || !random.oneIn(refuses)) return false;
    writeRecord(i32, address, 1, sequence + 1_000);
    return true;
  };

  /** Leaves records that are claimed, or even written in part, but never published. */
  const die = () => {
    for (let left = random.integer(0, scenario.capacity); left > 0; left--) {
      const address = writer.claim();
      if (address === 0) return;
      writeRecord(i32, address, random.integer(1, recordWords), sequence++);
    }
  };

  while (sequence < limit && cells.load(i32, order.stop) === 0) {
    if (looks > 0 && random.oneIn(looks)) writer.look();
    if (writer.isFull) {
      if (journal.retain === 'append') break;
      waitForRoom(memory, bell, wait, writer);
    }
    if (bulk) {
      const { address, count } = writer.claimRun(Math.min(random.integer(1, batch), limit - sequence));
      const refused = refuse(address) ? random.integer(1, count) : 0;
      writer.unclaim(refused);
      fill(address, count - refused);
    } else {
      const address = writer.claim();
      if (refuse(address)) writer.unclaim();
      else fill(address, 1);
    }
    if (dies && random.oneIn(1_000)) break;
    if (writer.pending >= batch) writer.publish();
    if (settles && random.oneIn(SETTLING)) settle(writer);
    if (writer.next !== sequence)
      throw new Fault('count', `the writer is at ${writer.next}, not ${sequence}`);
    if (++rounds % RELAY_LOOKS === 0 && order.relay !== null) lookAtRelay(memory, order.relay, order);
    i32[order.progress] = rounds;
  }
  if (dies) {
    die();
    return { records: writer.next - start, lost: 0, died: true };
  }
  if (journal.retain === 'append' && sequence - start > journal.capacity) {
    throw new Fault('count', `${sequence - start} records in a journal of ${journal.capacity} slots`);
  }
  if (settles) settle(writer);
  writer.end(EndKind.COMPLETE);
  const published = publishedSequence(journal);
  if (published !== sequence) throw new Fault('count', `${published} published at the end, not ${sequence}`);
  return { records: sequence - start, lost: 0 };
}

/** Returns once every reader that has been placed has read what is published, without the end to wake it. */
function settle(writer: JournalWriter): void {
  writer.publish();
  const { journal, next } = writer;
  for (let line = 0; line < READERS; line++) {
    for (let at = readerPosition(journal, line); at >= 0 && at < next; at = readerPosition(journal, line));
  }
}

/** Whoever sees that a record has been passed on also sees what came of it. */
function lookAtRelay(
  memory: Memory,
  { line, output }: NonNullable<WriteOrder['relay']>,
  { journal }: WriteOrder,
): void {
  const passed = readerPosition(openJournal(memory, journal), line);
  const published = publishedSequence(openJournal(memory, output));
  if (published < passed)
    throw new Fault('order', `the relay is at ${passed}, but has published ${published}`);
}
