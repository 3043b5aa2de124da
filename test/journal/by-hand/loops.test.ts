// Workers with loops of the user's: what they are given, how they rest, stop and fail.
import { describe, expect, it, vi } from 'vitest';
import { createEngine, type Engine, type EngineOptions, type LoopWorker } from '../../../src/index.js';
import { withEngine } from '../../rx/pipelines.js';
import { Item, rest, thrown, upTo } from './kit.js';

const module = (name: string) => new URL(`./loops/${name}.mjs`, import.meta.url);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A worker between two journals. */
function between(engine: Engine, name: string, capacity = 16) {
  const input = engine.journal(Item, { name: 'input', capacity });
  const output = engine.journal(Item, { name: 'output', capacity });
  const reader = output.reader();
  const worker: LoopWorker = engine.worker(module(name), { input: input.reader(), output }, { name });
  return { input, output, reader, worker, writer: input.writer() };
}

describe.each<EngineOptions['wait'] & string>(['spin', 'hybrid', 'park'])(
  'a loop that waits by %s',
  (wait) => {
    it('gets every record from the moment it was asked for, and may end what it writes', () =>
      withEngine({ wait }, async (engine) => {
        const { reader, worker, writer } = between(engine, 'double');
        const seen: number[] = [];
        const read = (async () => {
          for await (const { n } of reader) seen.push(n);
        })();
        for (let n = 0; n < 1_000; n++) {
          while (!writer.tryWrite({ n })) await writer.ready();
          if (n % 250 === 0) await pause(5);
        }
        writer.end();
        await read;
        expect(seen).toEqual(upTo(1_000).map((n) => 2 * n));
        await worker.stop();
        await worker.done;
      }));
  },
);

describe('a loop', () => {
  it('sleeps while there is nothing to do: it does not go round', () =>
    withEngine({ wait: 'park' }, async (engine) => {
      const { reader, worker, writer } = between(engine, 'own');
      writer.write({ n: 0 });
      writer.flush();
      await reader.ready();
      const rounds: number[] = [];
      reader.readAll(({ n }) => rounds.push(n));
      await pause(500);
      const lines: unknown[][] = [];
      const log = vi.spyOn(console, 'log').mockImplementation((...line) => void lines.push(line));
      try {
        await worker.stop();
        await worker.done;
        engine.core.handleMessages();
      } finally {
        log.mockRestore();
      }
      // It says how often it went round: once for the record, and a few times with nothing to do.
      const [last = 0] = rest(reader);
      expect(-last).toBeGreaterThan(0);
      expect(-last).toBeLessThan((rounds[0] as number) + 10);
      expect(lines).toEqual([['engine/own park true']]);
    }));

  it('sleeps while there is no room for what it has, and is woken when there is', () =>
    withEngine({ wait: 'park' }, async (engine) => {
      const output = engine.journal(Item, { capacity: 4 });
      const rounds = engine.journal(Item, { capacity: 1_000 });
      const [reader, counter] = [output.reader(), rounds.reader()];
      const worker = engine.worker(module('full'), { output, rounds });
      await vi.waitUntil(() => output.size === 4, { timeout: 20_000 });
      await pause(300);
      const before = rounds.size;
      expect(before).toBeLessThan(10);
      const seen: number[] = [];
      while (seen.length < 100) {
        await reader.ready();
        reader.readAll(({ n }) => seen.push(n));
      }
      expect(seen).toEqual(upTo(100));
      counter.close();
      await worker.stop();
    }));

  it('that throws fails what it was writing, behind what it has written, and is an error of the engine', async () => {
    const engine = createEngine();
    const { reader, worker, writer } = between(engine, 'faults');
    writer.write({ n: 0 });
    writer.write({ n: 1 });
    await expect(worker.done).rejects.toMatchObject({
      code: 'LOOP_FAILED',
      message: 'The loop of worker faults failed: RangeError: one is too many',
      cause: { name: 'RangeError', stack: expect.stringContaining('faults.mjs') },
    });
    expect([reader.next(), reader.next()]).toEqual([true, true]);
    expect(thrown(() => reader.next())).toMatchObject({
      code: 'JOURNAL_FAILED',
      cause: { name: 'RangeError' },
    });
    // It has let go of what it read.
    for (let n = 0; n < 100; n++) writer.write({ n });
    await engine.close();
  });

  it('that fails rejects idle(), once, or close(), if nobody was told', async () => {
    const engine = createEngine();
    const { writer, output } = between(engine, 'faults');
    writer.write({ n: 1 });
    await vi.waitUntil(() => output.state === 'error', { timeout: 20_000 });
    await vi.waitFor(() => expect(engine.idle()).rejects.toMatchObject({ code: 'LOOP_FAILED' }), 20_000);
    await engine.idle();
    await engine.close();
    const other = createEngine();
    other.worker('data:text/javascript,throw%20new%20Error("no")', {});
    await pause(300);
    await vi.waitUntil(() => [...other.core.pool.workers].length === 0, { timeout: 20_000 });
    await expect(other.close()).rejects.toMatchObject({ code: 'LOOP_FAILED', cause: { message: 'no' } });
  });

  it('whose thread dies is an error of it, ends what it wrote, and holds nobody back', async () => {
    const engine = createEngine();
    const { reader, worker, writer } = between(engine, 'faults', 4);
    writer.write({ n: 2 });
    writer.flush();
    // Blocks this thread: what is in the way is dead, or will be.
    for (let n = 10; n < 30; n++) writer.write({ n });
    await expect(worker.done).rejects.toMatchObject({ code: 'LOOP_FAILED' });
    expect(thrown(() => rest(reader))).toMatchObject({ code: 'JOURNAL_FAILED' });
    await engine.close();
  });

  it('that never comes back is terminated by stop(), and by close()', async () => {
    const engine = createEngine({ closeTimeoutMs: 200 });
    const { reader, worker, writer } = between(engine, 'faults');
    writer.write({ n: 3 });
    await reader.ready();
    await worker.stop();
    await worker.done;
    expect(thrown(() => rest(reader))).toMatchObject({ code: 'JOURNAL_FAILED' });
    await engine.close();
    const other = createEngine({ closeTimeoutMs: 200 });
    const again = between(other, 'faults');
    again.writer.write({ n: 3 });
    await again.reader.ready();
    await expect(other.close()).rejects.toMatchObject({ code: 'CLOSE_TIMEOUT' });
  });

  it('that waits for room stops in order', () =>
    withEngine({}, async (engine) => {
      const { reader, worker, writer } = between(engine, 'double', 2);
      for (let n = 0; n < 2; n++) writer.write({ n });
      await vi.waitUntil(() => writer.tryWrite({ n: 2 }) && writer.tryWrite({ n: 3 }), { timeout: 20_000 });
      await vi.waitUntil(() => reader.size === 2, { timeout: 20_000 });
      await pause(20);
      await worker.stop();
      await worker.done;
      expect(rest(reader)).toEqual([0, 2]);
    }));

  it('is given journals of its engine only, and readers that are open', () =>
    withEngine({}, (engine) =>
      withEngine({}, async (other) => {
        const input = other.journal(Item);
        const refused = { code: 'JOURNAL_OF_ANOTHER_ENGINE' };
        for (const user of [input, input.reader()]) {
          expect(thrown(() => engine.worker(module('double'), { user }))).toMatchObject(refused);
        }
        const reader = engine.journal(Item).reader();
        reader.close();
        expect(thrown(() => engine.worker(module('double'), { reader }))).toMatchObject({
          code: 'JOURNAL_CLOSED',
        });
        await vi.waitUntil(() => engine.core.pool.workers.length === 0, { timeout: 20_000 });
      }),
    ));

  it('is refused without a URL, in an inline engine, and after close()', async () => {
    const engine = createEngine({ placement: 'inline' });
    expect(thrown(() => engine.worker('./loop.js', {}))).toMatchObject({ code: 'OPTION' });
    expect(thrown(() => engine.worker(module('double'), {}))).toMatchObject({
      code: 'LOOP_IN_INLINE_ENGINE',
    });
    await engine.close();
    expect(thrown(() => engine.worker(module('double'), {}))).toMatchObject({ code: 'ENGINE_CLOSED' });
  });
});
