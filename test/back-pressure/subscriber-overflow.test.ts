// Subscribers that are too slow: who holds the writer back, who loses records, which ones, and how many.
import { lastValueFrom, type Observable, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Engine, SubscriptionOptions } from '../../src/index.js';
import { PLACEMENTS, withEngine } from '../rx/pipelines.js';
import { burst, Item, same, spinUntil, statsOf, upTo } from './chains.js';

const SLOTS = 16;

/** A stage with 16 slots whose subscriber sees the `count` records of one burst only once all of them have been written. */
function lateDelivery(engine: Engine, count: number, options: SubscriptionOptions) {
  const source = engine.source(Item, { name: 'items' });
  const stage = source.stage({ name: 'burst', capacity: SLOTS }, burst(count));
  const seen: unknown[] = [];
  stage.observe(options).subscribe({ next: (r) => seen.push(r.n), error: (error) => seen.push(error) });
  source.next({ n: 0 });
  source.flush();
  // From here on no event loop; inline they have been written, and delivered afterwards, by flush().
  const isWritten = spinUntil(() => statsOf(engine, 'burst').recordsOut === count);
  return { source, stage, seen, isWritten };
}

describe.each(PLACEMENTS)('a subscriber with drop-oldest, placed %s,', (placement) => {
  it.each([1, 15, 16])('loses none of %i records, which fit into 16 slots', (count) =>
    withEngine({ placement }, async (engine) => {
      const { seen, isWritten } = lateDelivery(engine, count, { overflow: 'drop-oldest' });
      expect(isWritten).toBe(true);
      await engine.idle();
      expect(seen).toEqual(upTo(count));
      expect(statsOf(engine, 'burst').dropped).toBe(0);
    }),
  );

  it.each([17, 100, 5_000])(
    'loses the oldest of %i records, never more than a quarter of those that fit',
    (count) =>
      withEngine({ placement }, async (engine) => {
        const { seen, isWritten } = lateDelivery(engine, count, { overflow: 'drop-oldest' });
        expect(isWritten).toBe(true);
        await engine.idle();
        const { dropped } = statsOf(engine, 'burst');
        expect(seen).toEqual(upTo(count).slice(dropped));
        expect(seen.length).toBeLessThanOrEqual(SLOTS);
        expect(seen.length).toBeGreaterThanOrEqual((SLOTS * 3) / 4);
      }),
  );

  it('is delivered the only record of a journal with one slot, however late it looks', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item);
      const stage = source.stage({ name: 'passed', capacity: 1 }, same());
      const seen: number[] = [];
      stage.observe({ overflow: 'drop-oldest' }).subscribe((r) => seen.push(r.n));
      for (let n = 0; n < 3; n++) {
        source.next({ n });
        source.flush();
        expect(spinUntil(() => statsOf(engine, 'passed').recordsOut === n + 1)).toBe(true);
        // The stage looks around meanwhile, and finds nothing to do.
        const later = performance.now() + 10;
        spinUntil(() => performance.now() > later);
        await engine.idle();
      }
      expect(seen).toEqual(upTo(3));
    }));

  it('is delivered or counted as losing each record exactly once, in order, while others miss none', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { capacity: SLOTS });
      const stage = source.stage({ name: 'passed', capacity: SLOTS }, same());
      const all: number[] = [];
      const lossy: number[] = [];
      stage.subscribe((r) => all.push(r.n));
      stage.views({ overflow: 'drop-oldest' }).subscribe((r) => lossy.push(r.n));
      for (let n = 0; n < 2_000; n++) source.next({ n });
      source.complete();
      await engine.idle();
      expect(all).toEqual(upTo(2_000));
      expect(lossy.length + statsOf(engine, 'passed').dropped).toBe(2_000);
      expect(lossy).toEqual([...new Set(lossy)].sort((a, b) => a - b));
      expect(lossy.at(-1)).toBe(1_999);
    }));

  it('never holds a source back: next() returns though nothing is delivered', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { name: 'items', capacity: SLOTS });
      const seen: number[] = [];
      source.observe({ overflow: 'drop-oldest' }).subscribe((r) => seen.push(r.n));
      for (let n = 0; n < 1_000; n++) source.next({ n });
      expect(seen).toEqual([]);
      await engine.idle();
      const { recordsIn, dropped } = statsOf(engine, 'items');
      expect(recordsIn).toBe(1_000);
      expect(seen).toEqual(upTo(1_000).slice(dropped));
      expect(dropped).toBeGreaterThanOrEqual(1_000 - SLOTS);
      expect(dropped).toBeLessThanOrEqual(1_000 - (SLOTS * 3) / 4);
    }));
});

describe.each(PLACEMENTS)('a subscriber with error, placed %s,', (placement) => {
  it('gets everything as long as it keeps up, then how many it lost, and nothing more; others go on', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { capacity: SLOTS });
      const stage = source.stage({ name: 'wide', capacity: SLOTS }, burst(40));
      const few = source.stage({ capacity: SLOTS }, same());
      const events: unknown[] = [];
      few.subscribe((r) => events.push(r.n));
      const seen: unknown[] = [];
      stage
        .observe({ overflow: 'error' })
        .subscribe({ next: (r) => seen.push(r.n), error: (error) => seen.push(error) });
      source.next({ n: 0 });
      source.flush();
      expect(spinUntil(() => statsOf(engine, 'wide').recordsOut === 40)).toBe(true);
      await engine.idle();
      source.next({ n: 1 });
      await engine.idle();
      const { dropped } = statsOf(engine, 'wide');
      expect(seen).toEqual([
        expect.objectContaining({
          code: 'SUBSCRIBER_LAPPED',
          message: `Cannot deliver ${dropped} records of wide: they were overwritten before the subscriber took them`,
        }),
      ]);
      expect(dropped).toBeGreaterThanOrEqual(40 - SLOTS);
      expect(dropped).toBeLessThanOrEqual(40 - (SLOTS * 3) / 4);
      expect(events).toEqual([0, 1]);
      expect(statsOf(engine, 'wide')).toMatchObject({ recordsOut: 80, state: 'open' });
    }));

  it('gets all records that fit', () =>
    withEngine({ placement }, async (engine) => {
      const { seen, isWritten } = lateDelivery(engine, SLOTS, { overflow: 'error' });
      expect(isWritten).toBe(true);
      await engine.idle();
      expect(seen).toEqual(upTo(SLOTS));
    }));
});

describe.each(PLACEMENTS)('a subscriber with block, placed %s,', (placement) => {
  it.each(['subscribe', 'views', 'batches'] as const)(
    'by %s holds the writer back, however slow it is',
    (how) =>
      withEngine({ placement }, async (engine) => {
        const source = engine.source(Item, { capacity: 4 });
        const stage = source.stage({ name: 'passed', capacity: 4 }, same());
        const seen: number[] = [];
        const slowly = (n: number) => {
          const later = performance.now() + 0.2;
          spinUntil(() => performance.now() > later);
          seen.push(n);
        };
        if (how === 'subscribe') stage.subscribe((r) => slowly(r.n));
        else if (how === 'views') stage.views().subscribe((r) => slowly(r.n));
        else
          stage.batches().subscribe((batch) =>
            batch.forEach((r) => {
              slowly(r.n);
            }),
          );
        const rest: Observable<Item> = stage;
        const all = lastValueFrom(rest.pipe(toArray()));
        let ahead = 0;
        for (let n = 0; n < 300; n++) {
          source.next({ n });
          ahead = Math.max(ahead, n + 1 - seen.length);
        }
        source.complete();
        expect((await all).map((r) => r.n)).toEqual(upTo(300));
        expect(seen).toEqual(upTo(300));
        expect(statsOf(engine, 'passed').dropped).toBe(0);
        // Both journals, and what is on its way between them.
        expect(ahead).toBeLessThanOrEqual(4 + 4 + 4);
      }),
  );
});
