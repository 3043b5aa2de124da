// Workers that have nothing to do sleep on their bells, and are woken by what comes.
import { describe, expect, it, vi } from 'vitest';
import { map } from '../../operators/index.js';
import type { Engine } from '../../src/index.js';
import { Reading, reading, withEngine } from '../rx/pipelines.js';

const same = () =>
  map((r: { id: number; value: number; ts: number }) => ({ id: r.id, value: r.value, ts: r.ts }));
const patience = { timeout: 20_000, interval: 1 };

/** Whether each worker of an engine sleeps, or is about to. */
function asleep({ core }: Engine): boolean[] {
  const { cells, i32 } = core.memory;
  return core.pool.workers.map(({ bell }) => cells.load(i32, bell) === 1);
}

describe.each(['hybrid', 'park'] as const)('the workers of an engine that waits by %s', (wait) => {
  it('sleep when all is processed, again and again, also behind each other', () =>
    withEngine({ wait, maxWorkers: 2 }, async (engine) => {
      const readings = engine.source(Reading);
      let seen = 0;
      readings
        .stage(same())
        .stage(same())
        .subscribe(() => {
          seen++;
        });
      for (let round = 1; round <= 5; round++) {
        for (let i = 0; i < 100; i++) readings.next(reading(1, i));
        await engine.idle();
        expect(seen).toBe(100 * round);
        await vi.waitUntil(() => asleep(engine).every(Boolean), patience);
      }
      expect(asleep(engine)).toEqual([true, true]);
    }));

  it('sleep while a full journal that nobody reads holds them up', () =>
    withEngine({ wait, maxWorkers: 2 }, async (engine) => {
      const readings = engine.source(Reading, { capacity: 4 });
      const last = readings.stage({ capacity: 4 }, same()).stage({ capacity: 4 }, same());
      const reader = last.reader();
      let taken = 0;
      // More than the last journal holds, so that something is held up whatever the others have.
      await vi.waitUntil(() => {
        while (readings.tryNext(reading(1, taken))) taken++;
        return taken > 8 && reader.size === 4;
      }, patience);
      await vi.waitUntil(() => asleep(engine).every(Boolean), patience);
      readings.complete();
      let read = 0;
      for await (const { value } of reader) expect(value).toBe(read++);
      expect(read).toBe(taken);
    }));
});
