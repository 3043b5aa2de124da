// Hand-off: how fast a journal carries records from one thread to another, with nothing else to do
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  createBell,
  createJournal,
  EndKind,
  JournalWriter,
  joinReader,
  readerPosition,
} from '../../../src/journal/index.js';
import { Arena, createMemory } from '../../../src/memory/index.js';
import type { Benchmark } from '../../harness/benchmark.js';
import { peakResidentBytes } from '../../harness/resources.js';
import { peakMegabytes, rate } from '../figures.js';
import type { ReaderOrder } from './reader-thread.js';
import { expectedSums, fillRecords, RECORD_WORDS } from './records.js';

interface HandOffTask {
  readonly size: number;
  readonly expected: string;
}

const LANE = 'journal, two threads';
const SIZE = 200_000_000;
const QUICK_SIZE = 2_000_000;
/** Records that go first, while the loops are being compiled. */
const WARM_UP = 2_000_000;
/** Records that are written before they are published. */
const BATCH_RECORDS = 1_024;
const MEMORY_BYTES = 16 * 1024 * 1024;

export const handOff: Benchmark = {
  name: 'hand-off',
  title: 'Raw hand-off between two threads',
  about: `Records of 24 bytes through one journal of default capacity, from the main thread to a worker, both spinning: written in bulk,
1,024 at a time, and read word by word.`,
  rounds: 7,
  figures: [rate, peakMegabytes],
  comparisons: [],
  goals: [{ lane: LANE, of: rate.title, must: 'at least', bound: 100 }],
  ours: [LANE],
  chart: { kind: 'bars', axis: 'million records a second', figure: rate.key },

  lanes(scale, size = scale === 'quick' ? QUICK_SIZE : SIZE) {
    return [{ label: LANE, task: { size, expected: expectedSums(WARM_UP + size) } satisfies HandOffTask }];
  },

  async observe(task) {
    const { size, expected } = task as HandOffTask;
    const memory = createMemory(MEMORY_BYTES, true);
    const arena = Arena.create(memory);
    const journal = createJournal(arena, { name: 'hand-off', recordWords: RECORD_WORDS });
    const slot = joinReader(journal, { bell: createBell(arena), gating: true, from: 0 });
    const handle = { name: journal.name, address: journal.address };
    const order: ReaderOrder = { memory: memory.wasm, handle, slot };
    const worker = new Worker(new URL('./reader-thread.js', import.meta.url), { workerData: order });
    const messages = on(worker, 'message');
    await messages.next();

    const writer = new JournalWriter(journal);
    /** Returns once all records before `to` have been read. */
    const write = (from: number, to: number): void => {
      for (let at = from; at < to; ) {
        const { address, count } = writer.claimRun(Math.min(BATCH_RECORDS, to - at));
        if (count === 0) continue;
        fillRecords(memory, address, at, count);
        writer.publish();
        at += count;
      }
      while (readerPosition(journal, slot) < to);
    };
    write(0, WARM_UP);
    const start = performance.now();
    write(WARM_UP, WARM_UP + size);
    const ms = performance.now() - start;
    writer.end(EndKind.COMPLETE);
    const [sums] = (await messages.next()).value as [string];
    await worker.terminate();
    if (sums !== expected)
      throw new Error(`Wrong sums of ${size} records: expected ${expected}, got ${sums}`);
    return { records: size, ms, peakRssBytes: peakResidentBytes() };
  },
};
