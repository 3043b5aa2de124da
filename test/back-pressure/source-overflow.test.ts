// What a source does with records for which it has no room: which it takes, which it refuses or drops, and how many.
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Overflow } from '../../src/index.js';
import { PLACEMENTS, withEngine } from '../rx/pipelines.js';
import { Item, readAll, same, spinUntil, statsOf, upTo } from './chains.js';

describe.each(PLACEMENTS)(
  'a source with four slots and a reader that does not read, placed %s,',
  (placement) => {
    /** Runs with a source whose slots are taken by 0 to 3, and a pull reader of it. */
    const withFull = (
      overflow: Overflow,
      run: (
        source: ReturnType<typeof make>['source'],
        reader: ReturnType<typeof make>['reader'],
        stats: () => ReturnType<typeof statsOf>,
      ) => Promise<void> | void,
    ) =>
      withEngine({ placement }, async (engine) => {
        const { source, reader } = make(engine, overflow);
        for (let n = 0; n < 4; n++) source.next({ n });
        await run(source, reader, () => statsOf(engine, 'items'));
      });

    it('with drop-newest drops those that come while it is full, whichever way they come, and counts them', () =>
      withFull('drop-newest', async (source, reader, stats) => {
        source.next({ n: -1 });
        source.nextMany([{ n: -1 }, { n: -1 }]);
        source.nextMany({ n: [-1, -1, -1] });
        expect(source.writer().claim()).toBeUndefined();
        of({ n: -1 }).subscribe({ next: (r) => source.next(r) });
        expect(stats()).toMatchObject({ recordsIn: 4, dropped: 8, ignored: 0, invalid: 0 });
        // Not an attempt that is told.
        expect(source.tryNext({ n: -1 })).toBe(false);
        expect(stats().dropped).toBe(8);
        // Two slots are free: of five the first two are taken.
        expect([reader.tryReceive(), reader.tryReceive()]).toEqual([{ n: 0 }, { n: 1 }]);
        source.nextMany({ n: [4, 5, -1, -1, -1] });
        expect(stats()).toMatchObject({ recordsIn: 6, dropped: 11 });
        source.complete();
        expect(await readAll(reader)).toEqual([2, 3, 4, 5]);
      }));

    it('with error throws SOURCE_FULL for those, takes the ones before, and counts nothing as dropped', () =>
      withFull('error', async (source, reader, stats) => {
        const full = expect.objectContaining({
          name: 'RangeError',
          code: 'SOURCE_FULL',
          message: 'Cannot take a record into source items: its 4 slots are taken',
        });
        expect(() => source.next({ n: -1 })).toThrowError(full);
        expect(() => source.nextMany([{ n: -1 }])).toThrowError(full);
        expect(() => source.nextMany({ n: [-1] })).toThrowError(full);
        expect(() => source.writer().claim()).toThrowError(full);
        expect(source.tryNext({ n: -1 })).toBe(false);
        reader.tryReceive();
        // One is taken before the next one throws.
        expect(() => source.nextMany({ n: [4, -1, -1] })).toThrowError(full);
        reader.tryReceive();
        expect(() => source.nextMany([{ n: 5 }, { n: -1 }])).toThrowError(full);
        expect(stats()).toMatchObject({ recordsIn: 6, dropped: 0 });
        source.complete();
        expect(await readAll(reader)).toEqual([2, 3, 4, 5]);
      }));

    it('with error, passed to subscribe(), ends behind what it has taken', () =>
      withFull('error', async (source, reader, stats) => {
        of({ n: -1 }, { n: -2 }).subscribe(source);
        expect(await readAll(reader)).toEqual([...upTo(4), expect.objectContaining({ code: 'SOURCE_FULL' })]);
        expect(stats()).toMatchObject({ recordsIn: 4, ignored: 1, dropped: 0, state: 'error' });
      }));

    it('with block waits: here in vain, so it refuses, and counts nothing as dropped', () =>
      withFull('block', async (source, reader, stats) => {
        const refusal = expect.objectContaining({ code: 'WOULD_DEADLOCK' });
        expect(() => source.next({ n: -1 })).toThrowError(refusal);
        expect(() => source.nextMany([{ n: -1 }])).toThrowError(refusal);
        expect(() => source.nextMany({ n: [-1] })).toThrowError(refusal);
        expect(() => source.writer().claim()).toThrowError(refusal);
        expect(stats()).toMatchObject({ recordsIn: 4, dropped: 0 });
        source.complete();
        expect(await readAll(reader)).toEqual(upTo(4));
      }));
  },
);

describe.each(PLACEMENTS)('a source before a stage, placed %s,', (placement) => {
  it('with drop-newest delivers or drops each record exactly once, in order, also under full load', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { name: 'items', capacity: 8, overflow: 'drop-newest' });
      const seen: number[] = [];
      source.stage({ capacity: 8 }, same()).subscribe((r) => seen.push(r.n));
      for (let round = 0; round < 20; round++) {
        for (let n = 0; n < 500; n++) source.next({ n: 500 * round + n });
        await engine.idle();
      }
      const { recordsIn, dropped } = statsOf(engine, 'items');
      expect(recordsIn + dropped).toBe(10_000);
      expect(seen).toHaveLength(recordsIn);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      // Of each round at least as many as there are slots.
      for (let round = 0; round < 20; round++) {
        const taken = seen.filter((n) => Math.floor(n / 500) === round);
        expect(taken.length).toBeGreaterThanOrEqual(8);
        expect(taken.slice(0, 8)).toEqual(upTo(8).map((n) => 500 * round + n));
      }
    }));

  it.each(['drop-newest', 'error'] as const)(
    'with %s takes everything as long as the stage keeps up',
    (overflow) =>
      withEngine({ placement }, async (engine) => {
        const source = engine.source(Item, { name: 'items', capacity: 4, overflow });
        source.stage({ name: 'passed' }, same());
        await engine.idle();
        for (let n = 0; n < 100; n++) {
          source.next({ n });
          // Nothing but next() tells the stage of it.
          if (placement === 'worker' && n % 2 === 1) {
            // It counts records before it passes them.
            const keepsUp = () =>
              statsOf(engine, 'passed').recordsIn >= n && statsOf(engine, 'passed').lag <= 1;
            expect(spinUntil(keepsUp)).toBe(true);
          }
        }
        await engine.idle();
        expect(statsOf(engine, 'items')).toMatchObject({ recordsIn: 100, dropped: 0 });
      }),
  );
});

function make(engine: Parameters<Parameters<typeof withEngine>[1]>[0], overflow: Overflow) {
  const source = engine.source(Item, { name: 'items', capacity: 4, overflow });
  return { source, reader: source.reader() };
}
