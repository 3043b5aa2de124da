// Journals by hand between threads: opened by their handles in threads that the engine knows nothing of.
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, f64, type JournalHandle, struct, text } from '../../../src/index.js';
import { bundleProgram } from '../../program.js';
import { withEngine } from '../../rx/pipelines.js';

const Item = struct({ n: f64, twice: f64, thrice: f64 }, 'Item');
const item = (n: number) => ({ n, twice: 2 * n, thrice: 3 * n });

let program: string;
beforeAll(async () => {
  program = await bundleProgram('test/journal/by-hand/thread-program.ts');
});

interface Thread {
  readonly ready: Promise<unknown>;
  readonly result: Promise<Record<string, unknown>>;
}

/** Starts a thread, which tells when it has opened everything, and what came of it. */
function start(task: string, input: JournalHandle<never>, output?: JournalHandle<never>): Thread {
  const worker = new Worker(program, { workerData: { task, input, output } });
  const messages: unknown[] = [];
  let onMessage = () => {};
  worker.on('message', (message) => {
    messages.push(message);
    onMessage();
  });
  const failed = new Promise<never>((_, reject) => worker.on('error', reject));
  const message = (i: number) =>
    new Promise<unknown>((resolve) => {
      const before = onMessage;
      onMessage = () => {
        before();
        if (messages.length > i) resolve(messages[i]);
      };
      onMessage();
    });
  const first = task === 'texts' ? 0 : 1;
  return {
    ready: Promise.race([message(0), failed]),
    result: Promise.race([message(first), failed]) as Promise<Record<string, unknown>>,
  };
}

const handle = (journal: { handle: unknown }) => journal.handle as JournalHandle<never>;

describe('a journal', () => {
  // Close to where the low half of a sequence gets its sign, and where it wraps.
  it.each([0, 2 ** 31 - 1_000, 2 ** 32 - 1_000])(
    'that begins at %i goes to a thread and back, whole, in order, through few slots',
    (start_) =>
      withEngine({}, async (engine) => {
        const there = engine.journal(Item, { capacity: 8, start: start_ });
        const back = engine.journal(Item, { capacity: 8, start: start_ });
        const reader = back.reader();
        const thread = start('copy', handle(there), handle(back));
        await thread.ready;
        const writer = there.writer();
        let next = start_;
        const read = () =>
          reader.readAll((r, sequence) => {
            expect([r.n, r.twice, r.thrice, sequence]).toEqual([next, 2 * next, 3 * next, next]);
            next++;
          });
        for (let n = start_; n < start_ + 5_000; n++) {
          while (!writer.tryWrite(item(n))) read();
        }
        writer.end();
        while (await reader.ready()) read();
        expect([next, reader.isDone]).toEqual([start_ + 5_000, true]);
        expect(await thread.result).toMatchObject({ read: 5_000, torn: 0, lost: 0, isDone: true });
      }),
  );

  it('wakes a thread that waits for records, and one that waits for room', () =>
    withEngine({}, async (engine) => {
      const there = engine.journal(Item, { capacity: 2 });
      const thread = start('copy', handle(there));
      await thread.ready;
      const writer = there.writer();
      for (let n = 0; n < 300; n++) {
        // Blocks this thread whenever the other has not come yet.
        writer.write(item(n));
        if (n % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      }
      writer.end();
      expect(await thread.result).toMatchObject({ read: 300, torn: 0 });
    }));

  it('is never torn for readers that are lapped, which count what they have lost', () =>
    withEngine({}, async (engine) => {
      const journal = engine.journal(Item, { capacity: 64 });
      const threads = [start('check', handle(journal)), start('check', handle(journal))];
      await Promise.all(threads.map(({ ready }) => ready));
      const writer = journal.writer();
      const count = 400_000;
      for (let n = 0; n < count; n++) writer.write(item(n));
      writer.end();
      for (const { result } of threads) {
        const { read, torn, lost, last } = await result;
        expect(torn).toBe(0);
        expect((read as number) + (lost as number)).toBe(count);
        expect(last).toBe(count - 1);
      }
    }));

  it('has its texts on other threads; new ones come in on the own thread of the engine only', () =>
    withEngine({}, async (engine) => {
      const Named = struct({ name: text }, 'Named');
      const there = engine.journal(Named, { retain: 'append', capacity: 10 });
      const back = engine.journal(Named);
      const reader = back.reader();
      const writer = there.writer();
      for (const name of ['one', 'zwölf', 'one']) writer.write({ name });
      writer.flush();
      const thread = start('texts', handle(there), handle(back));
      expect(await thread.result).toEqual({ seen: ['one', 'zwölf', 'one'], code: 'TEXT_UNKNOWN' });
      const seen: unknown[] = [];
      for await (const record of reader) seen.push(record);
      expect(seen).toEqual([{ name: 'one' }]);
    }));

  it('refuses a reader of the past in a ring while another thread writes it', () =>
    withEngine({}, async (engine) => {
      const input = engine.journal(Item, { capacity: 8 });
      const output = engine.journal(Item, { capacity: 8 });
      const thread = start('copy', handle(input), handle(output));
      await thread.ready;
      expect(() => output.writer()).toThrow(expect.objectContaining({ code: 'JOURNAL_HAS_WRITER' }));
      expect(() => output.reader({ from: 'start' })).toThrow(
        expect.objectContaining({ code: 'NOT_RETAINED' }),
      );
      // A reader that may be lapped can have it.
      const reader = output.reader({ from: 'start', overflow: 'drop-oldest' });
      const writer = input.writer();
      for (let n = 0; n < 5; n++) writer.write(item(n));
      writer.end();
      const seen: number[] = [];
      for await (const { n } of reader) seen.push(n);
      expect(seen.length + reader.lost).toBe(5);
      await thread.result;
    }));

  it('may be read on after its engine has been closed', async () => {
    const engine = createEngine();
    const journal = engine.journal(Item, { retain: 'append', capacity: 10 });
    const reader = journal.reader();
    journal.writer().write(item(1));
    await engine.close();
    expect([reader.next(), reader.current?.toJSON(), reader.next()]).toEqual([true, item(1), false]);
  });
});
