// Journals between real threads: every record is checked for tearing, loss, repetition and order.
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createBell,
  createJournal,
  EndKind,
  JournalWriter,
  joinReader,
  sleepUntilRung,
} from '../../src/journal/index.js';
import { Arena, createMemory } from '../../src/memory/index.js';
import type { ReaderOrder } from './reader-thread.js';

let readerSource = '';

beforeAll(async () => {
  const result = await build({
    entryPoints: ['test/journal/reader-thread.ts'],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
  });
  readerSource = result.outputFiles[0]?.text ?? '';
});

interface Outcome {
  readonly read: number;
  readonly lost: number;
  readonly wrong: number;
}

/** Writes `records` records of three words to readers in threads of their own. */
async function stress(
  records: number,
  { capacity, start, readers, batch }: { capacity: number; start: number; readers: boolean[]; batch: number },
): Promise<Outcome[]> {
  const memory = createMemory(16 * 1024 * 1024, true);
  const arena = Arena.create(memory);
  const journal = createJournal(arena, { name: 'stress', recordWords: 3, capacity, start });
  const threads = readers.map((gating) => {
    const bell = createBell(arena);
    const slot = joinReader(journal, { bell, gating, from: start });
    const results = new SharedArrayBuffer(24);
    const handle = { name: journal.name, address: journal.address };
    const order: ReaderOrder = { memory: memory.wasm, handle, slot, bell, gating, results };
    const worker = new Worker(readerSource, { eval: true, workerData: order, execArgv: [] });
    const exited = new Promise<void>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('exit', () => resolve());
    });
    return { exited, results };
  });
  const writer = new JournalWriter(journal);
  const bell = createBell(arena);
  for (let i = 0; i < records; i++) {
    let p = writer.claim();
    while (p === 0) {
      writer.publish();
      writer.setBell(bell);
      sleepUntilRung(memory, bell, () => writer.look() > 0, 1_000);
      writer.setBell(0);
      p = writer.claim();
    }
    for (let word = 0; word < 3; word++) memory.f64[p + word] = start + i + word / 4;
    if (writer.pending >= batch) writer.publish();
  }
  writer.end(EndKind.COMPLETE);
  return Promise.all(
    threads.map(async ({ exited, results }) => {
      await exited;
      const [read = -1, lost = -1, wrong = -1] = new Float64Array(results);
      return { read, lost, wrong };
    }),
  );
}

const RECORDS = 100_000;

describe('a journal between threads', () => {
  it.each([0, 2 ** 31 - 1_000, 2 ** 32 - 1_000, 2 ** 40])(
    'gives gating readers every record once, in order and whole, from sequence %d on',
    async (start) => {
      const outcomes = await stress(RECORDS, { capacity: 4, start, readers: [true, true], batch: 2 });
      expect(outcomes).toEqual([
        { read: RECORDS, lost: 0, wrong: 0 },
        { read: RECORDS, lost: 0, wrong: 0 },
      ]);
    },
    60_000,
  );

  it.each([0, 2 ** 32 - 1_000])(
    'never shows a lapped reader a torn record, and tells it how many it has lost, from sequence %d on',
    async (start) => {
      const [gating, lapped] = await stress(RECORDS, {
        capacity: 16,
        start,
        readers: [true, false],
        batch: 3,
      });
      expect(gating).toEqual({ read: RECORDS, lost: 0, wrong: 0 });
      expect(lapped?.wrong).toBe(0);
      expect((lapped?.read ?? 0) + (lapped?.lost ?? 0)).toBe(RECORDS);
    },
    60_000,
  );

  it('never shows a lapped reader a torn record while nobody holds the writer back', async () => {
    const [lapped] = await stress(3_000_000, { capacity: 16, start: 0, readers: [false], batch: 3 });
    expect(lapped?.wrong).toBe(0);
    expect((lapped?.read ?? 0) + (lapped?.lost ?? 0)).toBe(3_000_000);
  }, 60_000);
});
