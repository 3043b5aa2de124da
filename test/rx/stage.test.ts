// Stages as hot Observables: what subscribers get, when, and how it ends.
import { bufferCount, firstValueFrom, lastValueFrom, type Observable, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { filter, map, stateful, step, tap } from '../../operators/index.js';
import { f64, keyedTable, StageError, struct } from '../../src/index.js';
import { PLACEMENTS, Reading, reading, withEngine } from './pipelines.js';

const twice = () => map((r: { value: number }) => ({ twice: r.value * 2 }));

describe.each(PLACEMENTS)('a stage placed %s', (placement) => {
  it('gives subscribers every record in order, as plain objects that may be kept, then completes', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const all = lastValueFrom(readings.stage(twice()).pipe(toArray()));
      for (let i = 0; i < 50_000; i++) readings.next(reading(1, i));
      readings.complete();
      expect(await all).toEqual(Array.from({ length: 50_000 }, (_, i) => ({ twice: i * 2 })));
    }));

  it('is hot: all subscribers get the same object, and a later one only later records', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(twice());
      const seen: unknown[][] = [[], [], []];
      stage.subscribe((r) => seen[0]?.push(r));
      stage.subscribe((r) => seen[1]?.push(r));
      readings.next(reading(1, 1));
      await engine.idle();
      stage.subscribe((r) => seen[2]?.push(r));
      await new Promise((resolve) => setTimeout(resolve, 20));
      readings.next(reading(1, 2));
      await engine.idle();
      expect(seen).toEqual([[{ twice: 2 }, { twice: 4 }], [{ twice: 2 }, { twice: 4 }], [{ twice: 4 }]]);
      expect(seen[0]?.[0]).toBe(seen[1]?.[0]);
    }));

  it('runs and keeps its state while nobody subscribes', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const counts = readings.stage(
        stateful(
          (r) => r.id,
          () => ({ n: 1 }),
          (s) => {
            s.n++;
          },
        ),
      );
      for (let i = 0; i < 40_000; i++) readings.next(reading(1, i));
      await engine.idle();
      const next = firstValueFrom(counts);
      await new Promise((resolve) => setTimeout(resolve, 20));
      readings.next(reading(1, 0));
      expect(await next).toEqual({ n: 40_001 });
    }));

  it('feeds further stages, and every stage can be subscribed to', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const a = readings.stage({ name: 'a' }, twice());
      const b = a.stage(
        { name: 'b' },
        filter((r) => r.twice > 2),
      );
      const c = a.stage(
        { name: 'c' },
        map((r) => ({ four: r.twice * 2 })),
      );
      const results = Promise.all(
        [a, b, c].map((stage) => lastValueFrom((stage as Observable<object>).pipe(toArray()))),
      );
      for (let i = 0; i < 3; i++) readings.next(reading(1, i));
      readings.complete();
      expect(await results).toEqual([
        [{ twice: 0 }, { twice: 2 }, { twice: 4 }],
        [{ twice: 4 }],
        [{ four: 0 }, { four: 4 }, { four: 8 }],
      ]);
    }));

  it('takes the pipe of any RxJS operator from there on', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const pairs = lastValueFrom(readings.stage(twice()).pipe(bufferCount(2), toArray()));
      of(reading(1, 1), reading(1, 2), reading(1, 3)).subscribe(readings);
      expect(await pairs).toEqual([[{ twice: 2 }, { twice: 4 }], [{ twice: 6 }]]);
    }));

  it('passes the error of its source on, the very object, after all records before it', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const events: unknown[] = [];
      const done = new Promise<void>((resolve) => {
        readings.stage(twice()).subscribe({
          next: (r) => events.push(r.twice),
          error: (error) => {
            events.push(error);
            resolve();
          },
        });
      });
      const error = new Error('upstream broke');
      readings.next(reading(1, 1));
      readings.error(error);
      readings.next(reading(1, 2));
      await done;
      expect(events).toEqual([2, error]);
      expect(engine.stats().sources[0]).toMatchObject({ ignored: 1, state: 'error' });
    }));

  it('ends with an error that names stage, operator, record and sequence when a function throws; siblings go on', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const fragile = readings.stage(
        { name: 'fragile' },
        tap(() => {}),
        map((r) => {
          if (r.value === 3) throw new Error('three');
          return { v: r.value };
        }),
      );
      const after = fragile.stage(
        { name: 'after' },
        map((r) => ({ w: r.v })),
      );
      const sibling = readings.stage({ name: 'sibling' }, twice());
      const errors: unknown[] = [];
      const values: number[] = [];
      fragile.subscribe({ next: (r) => values.push(r.v), error: (error) => errors.push(error) });
      after.subscribe({ error: (error) => errors.push(error) });
      const others = lastValueFrom(sibling.pipe(toArray()));
      for (let i = 0; i < 6; i++) readings.next(reading(9, i, 7));
      readings.complete();
      expect(await others).toHaveLength(6);
      await engine.idle();
      expect(values).toEqual([0, 1, 2]);
      expect(errors).toHaveLength(2);
      const [error] = errors as StageError[];
      expect(error).toBeInstanceOf(StageError);
      expect(error).toMatchObject({
        code: 'STAGE_FAILED',
        stage: 'fragile',
        operator: 'map',
        sequence: 3,
        record: { id: 9, value: 3, ts: 7 },
      });
      expect(error?.message).toContain('three');
      expect(error?.cause).toMatchObject({ stack: expect.stringContaining('three') });
    }));

  it("sends records that throw to deadLetters with onError: 'skip'", () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(
        { name: 'lenient', onError: 'skip' },
        map((r) => {
          if (r.value % 2 === 1) throw new RangeError('odd');
          return { v: r.value };
        }),
      );
      const letters: unknown[] = [];
      stage.deadLetters.subscribe((letter) => letters.push(letter));
      const all = lastValueFrom(stage.pipe(toArray()));
      for (let i = 0; i < 5; i++) readings.next(reading(1, i));
      readings.complete();
      expect(await all).toEqual([{ v: 0 }, { v: 2 }, { v: 4 }]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(letters).toMatchObject([
        { stage: 'lenient', operator: 'map', sequence: 1, record: { value: 1 }, message: 'odd' },
        { sequence: 3, record: { value: 3 } },
      ]);
      expect(engine.stats().stages[0]).toMatchObject({ errors: 2, recordsIn: 5, recordsOut: 3 });
    }));

  it('rejects idle() with the error of a stage that nobody subscribed to', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      readings.stage(
        { name: 'silent' },
        tap(() => {
          throw new Error('nobody hears this');
        }),
      );
      readings.next(reading(1, 1));
      await expect(engine.idle()).rejects.toMatchObject({ stage: 'silent', code: 'STAGE_FAILED' });
      await expect(engine.idle()).resolves.toBeUndefined();
    }));

  it('gives views that are valid only during the call, and batches', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(twice());
      const kept: Readonly<{ twice: number }>[] = [];
      const values: number[] = [];
      const batches: (readonly { twice: number }[])[] = [];
      stage.views().subscribe((view) => {
        values.push(view.twice);
        kept.push(view);
      });
      stage.batches().subscribe((batch) => batches.push(batch));
      for (let i = 0; i < 300; i++) readings.next(reading(1, i));
      await engine.idle();
      expect(values).toEqual(Array.from({ length: 300 }, (_, i) => 2 * i));
      expect(() => kept[0]?.twice).toThrowError(expect.objectContaining({ code: 'VIEW_EXPIRED' }));
      expect(batches.flat()).toEqual(values.map((twice) => ({ twice })));
      expect(batches.length).toBeLessThan(300);
    }));

  it('can be pulled, and iterated over', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(twice());
      const reader = stage.reader();
      const iterated = (async () => {
        const values: number[] = [];
        for await (const r of stage) values.push(r.twice);
        return values;
      })();
      expect(reader.tryReceive()).toBeUndefined();
      readings.next(reading(1, 1));
      expect(await reader.receive()).toEqual({ twice: 2 });
      const later = reader.receive();
      readings.next(reading(1, 2));
      expect(await later).toEqual({ twice: 4 });
      readings.complete();
      expect(await reader.receive()).toBeUndefined();
      expect(await iterated).toEqual([2, 4]);
    }));

  it('keeps its records for late subscribers with retain: append', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage({ retain: 'append', capacity: 10 }, twice());
      for (let i = 0; i < 5; i++) readings.next(reading(1, i));
      await engine.idle();
      const late: number[] = [];
      const later: number[] = [];
      const errors: unknown[] = [];
      const error = (thrown: unknown) => errors.push(thrown);
      stage.observe({ from: 'start' }).subscribe({ next: (r) => late.push(r.twice), error });
      stage.observe({ from: 3 }).subscribe({ next: (r) => later.push(r.twice), error });
      await engine.idle();
      expect(late).toEqual([0, 2, 4, 6, 8]);
      expect(later).toEqual([6, 8]);
      await expect(lastValueFrom(stage.observe({ from: 99 }))).rejects.toMatchObject({ code: 'OPTION' });
      await expect(lastValueFrom(readings.observe({ from: 'start' }))).rejects.toMatchObject({
        code: 'NOT_RETAINED',
      });
      for (let i = 0; i < 6; i++) readings.next(reading(1, i));
      await engine.idle();
      const full = { code: 'STAGE_FAILED', message: expect.stringContaining('10 slots') };
      expect(errors).toMatchObject([full, full]);
    }));

  it('explains itself, and the engine its figures', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading, { name: 'readings' });
      const stage = readings.stage(
        { name: 'doubled' },
        filter((r) => r.value > 0),
        twice(),
      );
      const told = stage.explain();
      expect(told.operators.map((operator) => operator.name)).toEqual(['filter', 'map']);
      expect(told.output.fields).toEqual(struct({ twice: f64 }).fields);
      expect(told).toMatchObject({ name: 'doubled', backend: 'wasm' });
      expect(told.placement === 'inline').toBe(placement === 'inline');
      for (let i = 0; i < 10; i++) readings.next(reading(1, i));
      await engine.idle();
      expect(engine.stats()).toMatchObject({
        sources: [{ name: 'readings', recordsIn: 10, occupancy: 0, dropped: 0, state: 'open' }],
        stages: [{ name: 'doubled', recordsIn: 10, recordsOut: 9, lag: 0, errors: 0, state: 'open' }],
      });
    }));

  it.each(['js', 'wasm'] as const)('tells how many keys it holds, running as %s', (backend) =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const counts = readings.stage(
        { backend },
        stateful(
          (r) => r.id,
          () => ({ n: 1 }),
          (s) => {
            s.n++;
          },
        ),
        step(
          (r, _state, emit, { seen }) => {
            if (r.n === 3) seen.delete(1);
            else seen.set(r.n, r);
            emit(r);
          },
          { tables: { seen: keyedTable({ key: f64, value: struct({ n: f64 }) }) } },
        ),
      );
      for (let i = 0; i < 20; i++) readings.next(reading(i % 10, i));
      await engine.idle();
      expect(engine.stats().stages[0]).toMatchObject({ recordsIn: 20, keys: 12 });
      readings.next(reading(1, 1));
      await engine.idle();
      expect(engine.stats().stages[0]).toMatchObject({ recordsIn: 21, keys: 11 });
      void counts;
    }),
  );

  it('prints what functions print', async () => {
    const lines: unknown[] = [];
    const { log } = console;
    console.log = (...values: unknown[]) => lines.push(values.join(' '));
    try {
      await withEngine({ placement }, async (engine) => {
        const readings = engine.source(Reading);
        readings.stage(tap((r) => console.log('value', r.value)));
        for (let i = 0; i < 3_000; i++) readings.next(reading(1, i));
        await engine.idle();
      });
    } finally {
      console.log = log;
    }
    expect(lines).toEqual(Array.from({ length: 3_000 }, (_, i) => `value ${i}`));
  });
});

describe('a late subscriber', () => {
  it('is told nothing that was published before it came, also beside one that has a backlog', () =>
    withEngine({}, async (engine) => {
      const readings = engine.source(Reading);
      const early: number[] = [];
      const late: number[] = [];
      readings.subscribe((r) => early.push(r.value));
      for (let i = 0; i < 10; i++) readings.next(reading(1, i));
      readings.flush();
      readings.subscribe((r) => late.push(r.value));
      readings.next(reading(1, 10));
      await engine.idle();
      expect(early).toHaveLength(11);
      expect(late).toEqual([10]);
    }));
});
