// Journals that keep every record: late readers, and what happens when they are full for good.
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { PLACEMENTS, withEngine } from '../rx/pipelines.js';
import { burst, Item, readAll, same, statsOf, upTo } from './chains.js';

const KEPT = { retain: 'append', capacity: 8 } as const;

describe.each(PLACEMENTS)('a source that keeps every record, placed %s,', (placement) => {
  it('refuses what does not fit in every way of writing, has lost nothing, and may end', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { name: 'items', ...KEPT });
      const all = lastValueFrom(source.stage(same()).pipe(toArray()));
      const full = expect.objectContaining({ code: 'SOURCE_FULL' });
      for (let n = 0; n < 8; n++) source.next({ n });
      await engine.idle();
      expect(() => source.next({ n: -1 })).toThrowError(full);
      expect(() => source.nextMany([{ n: -1 }])).toThrowError(full);
      expect(() => source.nextMany({ n: [-1] })).toThrowError(full);
      expect(() => source.writer().claim()).toThrowError(full);
      expect(source.tryNext({ n: -1 })).toBe(false);
      await expect(source.ready()).rejects.toThrowError(full);
      await expect(source.consume([{ n: -1 }])).rejects.toThrowError(full);
      expect(statsOf(engine, 'items')).toMatchObject({
        recordsIn: 8,
        occupancy: 8,
        dropped: 0,
        state: 'open',
      });
      source.complete();
      expect((await all).map((r) => r.n)).toEqual(upTo(8));
    }));

  it('is never held back by who reads it, and gives all of it to whoever asks, also when it is full', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, KEPT);
      const early = source.reader();
      for (let n = 0; n < 8; n++) source.next({ n });
      await engine.idle();
      const fromStart = lastValueFrom(source.observe({ from: 'start' }).pipe(toArray()));
      const fromFive = lastValueFrom(source.observe({ from: 5 }).pipe(toArray()));
      const late = source.reader({ from: 2 });
      source.complete();
      expect((await fromStart).map((r) => r.n)).toEqual(upTo(8));
      expect((await fromFive).map((r) => r.n)).toEqual([5, 6, 7]);
      expect(await readAll(early)).toEqual(upTo(8));
      expect(await readAll(late)).toEqual(upTo(8).slice(2));
    }));
});

describe.each(PLACEMENTS)('a stage that keeps every record, placed %s,', (placement) => {
  it('fails with the record that does not fit, behind those that it keeps; who comes later gets them too', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item, { capacity: 4 });
      const stage = source.stage({ name: 'kept', ...KEPT }, burst(3));
      const behind = stage.stage({ name: 'behind' }, same());
      const seen: unknown[] = [];
      const passed: unknown[] = [];
      stage.subscribe({ next: (r) => seen.push(r.n), error: (error) => seen.push(error) });
      behind.subscribe({ next: (r) => passed.push(r.n), error: (error) => passed.push(error) });
      for (let n = 0; n < 10; n++) source.next({ n });
      source.complete();
      await engine.idle();
      const failure = expect.objectContaining({
        code: 'STAGE_FAILED',
        stage: 'kept',
        message: expect.stringContaining('retains every record and its 8 slots are taken'),
        cause: expect.objectContaining({ code: 'JOURNAL_FULL' }),
      });
      expect(seen).toEqual([...upTo(8), failure]);
      // Those in the same place are given a record before it is written; those elsewhere read what was.
      expect(passed.slice(0, 8)).toEqual(upTo(8));
      expect(passed.at(-1)).toEqual(failure);
      const late: unknown[] = [];
      stage
        .observe({ from: 6 })
        .subscribe({ next: (r) => late.push(r.n), error: (error) => late.push(error) });
      await engine.idle();
      expect(late).toEqual([6, 7, failure]);
    }));
});

describe.each(PLACEMENTS)('a late reader, placed %s,', (placement) => {
  it('gets everything from the place that it names on, while the writer goes on', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item);
      const stage = source.stage({ retain: 'append', capacity: 1_000 }, same());
      const seen: number[][] = [];
      for (let n = 0; n < 1_000; n++) {
        source.next({ n });
        if (n % 250 !== 249) continue;
        await engine.idle();
        const values: number[] = [];
        seen.push(values);
        stage.observe({ from: n - 100 }).subscribe((r) => values.push(r.n));
      }
      await engine.idle();
      expect(seen).toEqual([249, 499, 749, 999].map((n) => upTo(1_000).slice(n - 100)));
    }));

  it('without a place starts behind everything that was published before it came', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(Item);
      const stages = [source.stage(same()), source.stage({ retain: 'append', capacity: 100 }, same())];
      for (let n = 0; n < 10; n++) source.next({ n });
      await engine.idle();
      const seen = stages.map((stage) => {
        const values: number[] = [];
        stage.subscribe((r) => values.push(r.n));
        return values;
      });
      // Taken after the subscription: the stage looks for new readers before it takes records.
      for (let n = 10; n < 20; n++) source.next({ n });
      await engine.idle();
      expect(seen).toEqual([upTo(20).slice(10), upTo(20).slice(10)]);
    }));
});
