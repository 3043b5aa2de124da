// From ingest to subscriber where a worker writes the source: which of its records are stamped, and when that begins.
import { describe, expect, it } from 'vitest';
import { filter } from '../../operators/index.js';
import { f64, struct } from '../../src/index.js';
import { withEngine } from '../rx/pipelines.js';

const Item = struct({ n: f64 });
const NS_PER_MS = 1e6;
const RECORDS = 1_000;

/** Writes so many numbers, in every way there is. */
const WRITING = `export default async ({ journals: { items }, data: { records } }) => {
  for (let n = 0; n < records; ) {
    const many = Math.min(7, records - n);
    const numbers = Array.from({ length: many }, (_, k) => n + k);
    if (n % 5 === 0) items.writeMany({ n: numbers });
    else if (n % 5 === 1) items.writeMany(numbers.map((n) => ({ n })));
    else {
      if (n % 5 === 2) items.write({ n });
      else if (n % 5 === 3) while (!items.tryWrite({ n })) await items.ready();
      else {
        let item = items.claim();
        for (; item === undefined; item = items.claim()) await items.ready();
        item.n = n;
        items.publish();
      }
      n++;
      continue;
    }
    n += many;
  }
}`;
const moduleOf = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

describe.each(['js', 'wasm'] as const)('latency() of a source that a worker writes, on %s', (backend) => {
  it.each([
    [1, 4],
    [3, 64],
    [100, 1_024],
  ])('has a sample of every record stamped, one of %i, with %i slots', (every, capacity) =>
    withEngine({ backend }, async (engine) => {
      const items = engine.source(Item, { stampEvery: every, capacity });
      const even = items.stage(filter((r) => r.n % 2 === 0));
      const times = [items.latency(), even.latency()];
      const seen: number[] = [];
      let evens = 0;
      items.subscribe(({ n }) => seen.push(n));
      even.subscribe(() => evens++);
      // What this thread has handed in counts on.
      for (let n = -10; n < 0; n++) items.next({ n });
      const start = performance.now();
      const worker = engine.worker(moduleOf(WRITING), { items }, { data: { records: RECORDS } });
      await worker.done;
      await engine.idle();
      const most = (performance.now() - start) * NS_PER_MS;
      expect(seen).toEqual(Array.from({ length: RECORDS + 10 }, (_, i) => i - 10));
      expect(evens).toBe((RECORDS + 10) / 2);
      const stamped = seen.filter((_, sequence) => sequence % every === 0);
      expect(times.map(({ count }) => count)).toEqual([
        stamped.length,
        stamped.filter((n) => n % 2 === 0).length,
      ]);
      expect(times[1]?.min).toBeGreaterThan(0);
      // The first ten were handed in a moment earlier.
      expect(times[1]?.max).toBeLessThanOrEqual(most + 1_000 * NS_PER_MS);
    }),
  );

  it('counts what the worker waits for room', () =>
    withEngine({ backend }, async (engine) => {
      const items = engine.source(Item, { stampEvery: 1, capacity: 4 });
      const times = items.latency();
      const waits = engine.histogram('waits');
      let seen = 0;
      items.subscribe(() => {
        // Meanwhile the worker hands in what there is no room for.
        const until = performance.now() + (seen++ % 4 === 0 ? 20 : 0);
        while (performance.now() < until);
      });
      const code = `export default ({ journals: { items }, histograms: { waits } }) => {
        for (let n = 0; n < 30; n++) {
          const start = performance.now();
          items.write({ n });
          waits.record(1e6 * (performance.now() - start));
        }
      }`;
      const worker = engine.worker(moduleOf(code), { items, waits });
      await worker.done;
      await engine.idle();
      expect([seen, times.count, waits.count]).toEqual([30, 30, 30]);
      expect(times.max).toBeGreaterThanOrEqual(0.9 * waits.max);
    }));
});
