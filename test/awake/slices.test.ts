// The event loop gets its turns while a subscriber is delivered to.
import { describe, expect, it, vi } from 'vitest';
import { Item, same, spinUntil, statsOf } from '../back-pressure/chains.js';
import { withEngine } from '../rx/pipelines.js';

describe('a slow subscriber is delivered to for a few milliseconds between two turns of the event loop', () => {
  it.each(['never', 'no longer'])('where whole batches are %s taken', (batches) => deliversInSlices(batches));
});

function deliversInSlices(batches: string): Promise<void> {
  return withEngine({ maxWorkers: 1 }, async (engine) => {
    const source = engine.source(Item, { capacity: 1_024 });
    const stage = source.stage({ name: 'passed', capacity: 1_024 }, same());
    let seen = 0;
    const taker = batches === 'never' ? undefined : stage.batches().subscribe(() => {});
    stage.subscribe(() => {
      seen++;
    });
    taker?.unsubscribe();
    const start = performance.now();
    // A clock that stands still but for a millisecond with each record that is delivered.
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => start + seen);
    try {
      for (let n = 0; n < 1_000; n++) source.next({ n });
      source.flush();
      expect(spinUntil(() => statsOf(engine, 'passed').recordsOut === 1_000)).toBe(true);
      for (let before = 0; seen < 1_000; before = seen) {
        await new Promise((resolve) => setImmediate(resolve));
        expect(seen - before).toBeLessThanOrEqual(24);
      }
    } finally {
      clock.mockRestore();
    }
  });
}
