// Workers that are killed in mid-stream: whose stages end, what goes on, and what is taken back.
import type { Worker } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { filter, map, stateful } from '../../operators/index.js';
import { type Engine, StageError } from '../../src/index.js';
import { collect, leavingNothing, Reading, reading, rejection, settles } from './kit.js';

const same = () => map((r: { value: number }) => ({ value: r.value }));

/** Ends its worker from within, at a value; no function should be able to reach so far. */
const exitAt = (at: number) =>
  map(
    (r: { value: number }, { at }: { at: number }) => {
      if (r.value === at) [].constructor.constructor('process.exit(1)')();
      return { value: r.value };
    },
    { using: { at } },
  );

const died = (worker: string, why: RegExp) => ({
  code: 'STAGE_FAILED',
  message: expect.stringMatching(new RegExp(`Worker engine/${worker} died: ${why.source}`)),
});

/** The engine takes a new pipeline, and all goes as if nothing had been. */
async function expectToWork(engine: Engine): Promise<void> {
  const readings = engine.source(Reading);
  const { values, end } = collect(readings.stage(same()));
  for (let i = 0; i < 1_000; i++) readings.next(reading(1, i));
  readings.complete();
  expect(await settles(end)).toBeUndefined();
  expect(values).toHaveLength(1_000);
}

describe('a worker that ends by itself', () => {
  it('ends its stages and those behind, with the reason; siblings and the engine go on', () =>
    leavingNothing({}, async (engine) => {
      const readings = engine.source(Reading);
      const place = (worker: string) => ({ placement: { worker } });
      const doomed = readings.stage({ name: 'doomed', ...place('d') }, exitAt(5_000));
      const together = collect(doomed.stage({ name: 'together', ...place('d') }, same()));
      const behind = collect(doomed.stage({ name: 'behind', ...place('b') }, same()));
      const sibling = collect(readings.stage(place('s'), same()));
      const self = collect(doomed);
      for (let i = 0; i < 10_000; i++) readings.next(reading(1, i));
      readings.complete();
      for (const { end, values } of [self, together, behind]) {
        const error = (await settles(end)) as StageError;
        expect(error).toBeInstanceOf(StageError);
        expect(error).toMatchObject({ ...died('d', /it exited by itself/), stage: 'doomed' });
        // What was published before stands; nothing is repeated or torn.
        expect(values).toEqual(values.map((_, i) => ({ value: i })));
        expect(values.length).toBeLessThanOrEqual(5_000);
      }
      expect(await settles(sibling.end)).toBeUndefined();
      expect(sibling.values).toHaveLength(10_000);
      await expectToWork(engine);
    }));

  it('rejects idle() once if nobody was told, and close() if idle() was not asked', () =>
    leavingNothing({}, async (engine) => {
      const readings = engine.source(Reading);
      readings.stage({ name: 'silent' }, exitAt(3));
      for (let i = 0; i < 10; i++) readings.next(reading(1, i));
      expect(await rejection(engine.idle())).toMatchObject({ stage: 'silent' });
      await settles(engine.idle());
      const others = engine.source(Reading);
      others.stage({ name: 'silent too' }, exitAt(3));
      for (let i = 0; i < 10; i++) others.next(reading(1, i));
      expect(await rejection(engine.close())).toMatchObject({ stage: 'silent too' });
    }));
});

describe('a worker that is terminated from outside', () => {
  /** Records that keep a pipeline busy until it has ended. */
  async function flow(
    readings: { tryNext(record: ReturnType<typeof reading>): boolean; ready(): Promise<void> },
    end: Promise<unknown>,
  ): Promise<unknown> {
    let error: unknown;
    let ended = false;
    void end.then((thrown) => {
      error = thrown;
      ended = true;
    });
    for (let i = 0; !ended; i++) {
      while (!readings.tryNext(reading(i % 1_000, i)) && !ended) await readings.ready();
      if (i % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return error;
  }

  it.each([0, 1, 2])('is an error of its stage and those behind, in a chain of three (the one at %i)', (at) =>
    leavingNothing({}, async (engine, workers) => {
      const readings = engine.source(Reading);
      const a = readings.stage({ name: 'a', placement: { worker: 'a' } }, same());
      const b = a.stage({ name: 'b', placement: { worker: 'b' } }, same());
      const c = b.stage({ name: 'c', placement: { worker: 'c' } }, same());
      const outcomes = [a, b, c].map((stage) => collect(stage));
      setTimeout(() => workers[at]?.terminate(), 60);
      expect(await settles(flow(readings, outcomes[2]?.end as Promise<unknown>))).toMatchObject({
        stage: ['a', 'b', 'c'][at],
        ...died(['a', 'b', 'c'][at] as string, /its thread was terminated/),
      });
      readings.complete();
      for (const [i, { values, end }] of outcomes.entries()) {
        expect(values).toEqual(values.map((_, k) => ({ value: k })));
        const error = await settles(end);
        if (i < at) expect(error).toBeUndefined();
        else expect(error).toMatchObject({ code: 'STAGE_FAILED', stage: ['a', 'b', 'c'][at] });
      }
      await expectToWork(engine);
    }),
  );

  it('before its first record is an error of what would have run there', () =>
    leavingNothing({}, async (engine, workers) => {
      const readings = engine.source(Reading);
      const stage = readings.stage({ name: 'early' }, same());
      await (workers[0] as Worker).terminate();
      const { end } = collect(stage.stage({ name: 'behind' }, same()));
      for (let i = 0; i < 100_000; i++) readings.next(reading(1, i));
      expect(await settles(end)).toMatchObject({ stage: 'early' });
      await expectToWork(engine);
    }));

  it('gives its readers what it had published, then the error; who was held back by it goes on', () =>
    leavingNothing({}, async (engine, workers) => {
      const readings = engine.source(Reading, { capacity: 8 });
      const stage = readings.stage({ name: 'doomed', capacity: 8 }, same());
      const reader = stage.reader();
      // Until everything is full, and the worker waits for the reader.
      let taken = 0;
      const isFull = () => {
        while (readings.tryNext(reading(1, taken))) taken++;
        const { sources, stages } = engine.stats();
        return sources[0]?.occupancy === 8 && stages[0]?.occupancy === 8;
      };
      await vi.waitUntil(isFull, { timeout: 20_000, interval: 5 });
      await (workers[0] as Worker).terminate();
      const received: number[] = [];
      const error = await rejection(
        (async () => {
          for (let r = await reader.receive(); r !== undefined; r = await reader.receive())
            received.push(r.value);
        })(),
      );
      expect(error).toMatchObject({ stage: 'doomed' });
      expect(received).toEqual(Array.from({ length: 8 }, (_, i) => i));
      // Nobody is left who would hold the source back.
      for (let i = 0; i < 1_000; i++) expect(readings.tryNext(reading(1, i))).toBe(true);
    }));

  it('at any moment leaves the memory as it was once its pipeline is gone', () =>
    leavingNothing({ maxWorkers: 1 }, async (engine, workers) => {
      const { memoryUsed } = engine.stats();
      for (let round = 0; round < 15; round++) {
        const abort = new AbortController();
        const readings = engine.source(Reading);
        const counts = readings.stage(
          { signal: abort.signal },
          filter((r) => r.value >= 0),
          // A table that grows all the time takes from the arena all the time.
          stateful(
            (r) => r.value,
            () => ({ n: 1 }),
            (s) => {
              s.n++;
            },
          ),
        );
        const { end } = collect(counts);
        const delay = 20 + ((round * 37) % 60);
        setTimeout(() => workers.at(-1)?.terminate(), delay);
        expect(await settles(flow(readings, end))).toMatchObject({ code: 'STAGE_FAILED' });
        abort.abort();
        await settles(engine.idle());
        expect(engine.stats().memoryUsed).toBe(memoryUsed);
      }
      expect(workers).toHaveLength(15);
      await expectToWork(engine);
    }));
});
