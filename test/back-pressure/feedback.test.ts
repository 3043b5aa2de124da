// Records that a subscriber gives to its own source, from within the delivery.
import { describe, expect, it, vi } from 'vitest';
import { map } from '../../operators/index.js';
import { WouldDeadlockError } from '../../src/index.js';
import { PLACEMENTS, withEngine } from '../rx/pipelines.js';
import { Item, same, statsOf, upTo } from './chains.js';

const PATIENCE = { timeout: 20_000, interval: 1 };
const REFUSAL =
  'Cannot wait for room in items: it is full, and the call comes from within a delivery of the same pipeline';

describe.each(PLACEMENTS)('a subscriber that feeds its own source, placed %s', (placement) => {
  it('is delivered what it feeds, behind what was taken before, while there is room', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { capacity: 64 });
      const seen: number[] = [];
      source.stage(same()).subscribe(({ n }) => {
        seen.push(n);
        if (n < 1_000) source.next({ n: n + 20 });
      });
      for (let n = 0; n < 20; n++) source.next({ n });
      await vi.waitUntil(() => seen.length === 1_020, PATIENCE);
      expect(seen).toEqual(upTo(1_020));
    }));

  it.each(['source', 'stage'] as const)(
    'of the %s is refused at once when it is full; nothing is lost, and the pipeline goes on',
    (which) =>
      withEngine({ placement }, async (engine) => {
        const source = engine.source(Item, { name: 'items', capacity: 4 });
        const stage = source.stage({ capacity: 4 }, same());
        const seen: number[] = [];
        const fed: number[] = [];
        const refusals: unknown[] = [];
        (which === 'source' ? source : stage).subscribe(({ n }) => {
          seen.push(n);
          if (n >= 1_000) return;
          for (let i = 0; i < 10; i++) {
            const more = 1_000 + 10 * n + i;
            try {
              source.next({ n: more });
              fed.push(more);
            } catch (error) {
              refusals.push(error);
            }
          }
        });
        for (let n = 0; n < 5; n++) {
          source.next({ n });
          await engine.idle();
        }
        source.complete();
        await engine.idle();
        expect(refusals.length).toBeGreaterThan(0);
        expect(fed.length + refusals.length).toBe(50);
        for (const refusal of refusals) expect(refusal).toBeInstanceOf(WouldDeadlockError);
        expect(refusals[0]).toMatchObject({ message: REFUSAL });
        expect(seen.filter((n) => n < 1_000)).toEqual(upTo(5));
        expect(seen.filter((n) => n >= 1_000)).toEqual(fed);
        expect(statsOf(engine, 'items')).toMatchObject({ recordsIn: 5 + fed.length, dropped: 0 });
      }),
  );

  it('can ask for room: tryNext() says that there is none, ready() when there is some', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { capacity: 1 });
      const seen: number[] = [];
      let fed = 0;
      const feed = async (n: number) => {
        while (!source.tryNext({ n })) await source.ready();
        fed++;
      };
      source.stage({ capacity: 1 }, same()).subscribe(({ n }) => {
        seen.push(n);
        if (n < 100) for (let i = 1; i <= 3; i++) void feed(100 * i + n);
      });
      for (let n = 0; n < 50; n++) source.next({ n });
      await vi.waitUntil(() => fed === 150 && seen.length === 200, PATIENCE);
      expect([...seen].sort((a, b) => a - b)).toEqual(
        [0, 100, 200, 300].flatMap((n) => upTo(50).map((i) => n + i)),
      );
    }));

  it('by subscribe() ends it with the refusal, behind all that was taken', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { name: 'items', capacity: 2 });
      const stage = source.stage(
        { capacity: 2 },
        map((r) => ({ n: r.n + 1 })),
      );
      const seen: number[] = [];
      const end = new Promise((resolve) => {
        stage.subscribe({ next: (r) => seen.push(r.n), error: resolve });
      });
      stage.subscribe(source);
      stage.subscribe(source);
      source.next({ n: 0 });
      expect(await end).toMatchObject({ code: 'WOULD_DEADLOCK', message: REFUSAL });
      expect(seen).toHaveLength(statsOf(engine, 'items').recordsIn);
    }));

  it('with what went to deadLetters is refused like any other', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { name: 'items', capacity: 4 });
      const stage = source.stage(
        { capacity: 4, onError: 'skip' },
        map((r) => {
          if (r.n < 0) throw new Error('negative');
          return { n: r.n };
        }),
      );
      const seen: number[] = [];
      stage.subscribe((r) => seen.push(r.n));
      const refusals: unknown[] = [];
      let fed = 0;
      stage.deadLetters.subscribe(() => {
        for (let n = 0; n < 100_000 && refusals.length === 0; n++) {
          try {
            source.next({ n });
            fed++;
          } catch (error) {
            refusals.push(error);
          }
        }
      });
      source.next({ n: -1 });
      await vi.waitUntil(() => refusals.length > 0, PATIENCE);
      await engine.idle();
      expect(refusals).toMatchObject([{ code: 'WOULD_DEADLOCK', message: REFUSAL }]);
      expect(seen).toEqual(upTo(fed));
    }));
});

describe.each(PLACEMENTS)('a subscriber that ends its own source, placed %s,', (placement) => {
  it.each(['complete', 'error'] as const)('by %s() ends it for a next() that waits for room, too', (how) =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { name: 'items', capacity: 1 });
      const seen: unknown[] = [];
      const ended = new Promise<void>((resolve) => {
        source.stage({ capacity: 1 }, same()).subscribe({
          next: ({ n }) => {
            seen.push(n);
            if (n === 3) source[how](new Error('enough'));
          },
          error: (error) => {
            seen.push(error);
            resolve();
          },
          complete: () => {
            seen.push('complete');
            resolve();
          },
        });
      });
      for (let n = 0; n < 20; n++) source.next({ n });
      await ended;
      const { recordsIn, ignored } = engine.stats().sources[0] ?? { recordsIn: 0, ignored: 0 };
      expect(recordsIn + ignored).toBe(20);
      expect(seen.slice(0, -1)).toEqual(upTo(recordsIn));
      expect(seen.at(-1)).toEqual(how === 'complete' ? 'complete' : new Error('enough'));
      // It waits behind the record that is delivered and those in the two slots, or the stage's hands.
      expect(recordsIn).toBeLessThanOrEqual(3 + 1 + 3);
    }),
  );
});
