// fused() among RxJS's operators: shared, repeated, switched, merged, chained, and fed by its own listeners.
import {
  combineLatest,
  concat,
  defer,
  exhaustMap,
  expand,
  first,
  firstValueFrom,
  interval,
  lastValueFrom,
  merge,
  of,
  ReplaySubject,
  range,
  Subject,
  timer,
} from 'rxjs';
import {
  concatMap,
  count,
  groupBy,
  mergeMap,
  repeat,
  map as rxMap,
  tap as rxTap,
  share,
  switchMap,
  take,
  toArray,
} from 'rxjs/operators';
import { describe, expect, it } from 'vitest';
import { map, step } from '../../operators/index.js';
import { f64, fused, struct } from '../../src/index.js';
import { counts, leavingNoPipeline, type Record, until, values, watched } from './fused-kit.js';
import { PLACEMENTS, Reading, reading } from './pipelines.js';

const upTo = (n: number) => range(0, n).pipe(rxMap((i) => reading(1, i)));

describe.each(PLACEMENTS)('a fused() placed %s', (placement) => {
  it('is subscribed to once by share(), and anew when that resets', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const watch = watched(
        interval(1).pipe(
          rxMap((i) => reading(1, i)),
          take(5),
        ),
      );
      const shared = watch.input.pipe(fused(Reading, { engine }, counts()), share());
      const both = await Promise.all([1, 2].map(() => lastValueFrom(shared.pipe(toArray()))));
      expect(both[0]).toEqual([1, 2, 3, 4, 5].map((n) => ({ id: 1, n })));
      expect(both[1]).toEqual(both[0]);
      expect(watch.subscriptions).toBe(1);
      // It completed, so it begins again.
      expect(await firstValueFrom(shared)).toEqual({ id: 1, n: 1 });
      expect(watch).toMatchObject({ subscriptions: 2, open: 0 });
    }));

  it('is left by share() with the last, or kept, as that is told', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const subject = new Subject<Record>();
      const watch = watched(subject);
      const kept = watch.input.pipe(
        fused(Reading, { engine }, counts()),
        share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: () => timer(50) }),
      );
      const one = firstValueFrom(kept);
      subject.next(reading(1, 1));
      expect(await one).toEqual({ id: 1, n: 1 });
      // Within the time, it is the same pipeline, which goes on counting.
      const two = firstValueFrom(kept.pipe(first(({ n }) => n > 1)));
      subject.next(reading(1, 2));
      expect(await two).toEqual({ id: 1, n: 2 });
      expect(watch).toMatchObject({ subscriptions: 1, open: 1 });
      await until(() => watch.open === 0, 'share() leaves it');
      expect(engine.stats().sources).toEqual([]);
    }));

  it('starts anew with repeat(), with a state of its own each time', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const repeated = upTo(3).pipe(fused(Reading, { engine }, counts()), repeat(20), toArray());
      const once = [1, 2, 3].map((n) => ({ id: 1, n }));
      expect(await lastValueFrom(repeated)).toEqual(Array.from({ length: 20 }, () => once).flat());
    }));

  it('is switched ten thousand times in one go: only the last delivers', () =>
    // Memory for a few pipelines at a time.
    leavingNoPipeline(
      { placement, memory: 8 * 1024 * 1024, maxTexts: 16, maxTextBytes: 256 },
      async (engine) => {
        const operator = fused(Reading, { engine, capacity: 1_024 }, values());
        const seen: unknown[] = [];
        await lastValueFrom(
          range(0, 10_000).pipe(
            switchMap((i) =>
              concat(
                of(reading(1, i)),
                timer(i === 9_999 ? 0 : 60_000).pipe(rxMap(() => reading(2, i))),
              ).pipe(operator),
            ),
            rxTap(({ v }) => seen.push(v)),
          ),
        );
        expect(seen).toEqual([9_999, 9_999]);
      },
    ));

  it('is switched while records come: each delivers its own, and nothing after the switch', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const operator = fused(
        Reading,
        { engine },
        map((r) => ({ id: r.id, v: r.value })),
      );
      let current = -1;
      let strays = 0;
      let seen = 0;
      await lastValueFrom(
        interval(1).pipe(
          take(60),
          switchMap((i) => {
            current = i;
            return merge(
              upTo(100),
              interval(0).pipe(
                rxMap((v) => reading(1, v)),
                take(i === 59 ? 5 : 1_000),
              ),
            ).pipe(
              rxMap((r) => ({ ...r, id: i })),
              operator,
            );
          }),
          rxTap(({ id }) => {
            seen++;
            if (id !== current) strays++;
          }),
        ),
      );
      expect(strays).toBe(0);
      expect(seen).toBeGreaterThanOrEqual(105);
    }));

  it('keeps the order of concatMap(), and one at a time of exhaustMap()', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const operator = fused(Reading, { engine }, values());
      const inner = (i: number) => of(reading(1, 10 * i), reading(1, 10 * i + 1)).pipe(operator);
      const joined = await lastValueFrom(
        range(0, 50).pipe(
          concatMap(inner),
          rxMap(({ v }) => v),
          toArray(),
        ),
      );
      expect(joined).toEqual(Array.from({ length: 50 }, (_, i) => [10 * i, 10 * i + 1]).flat());
      const slow = (i: number) =>
        concat(of(reading(1, i)), timer(20).pipe(rxMap(() => reading(1, -i)))).pipe(operator);
      const exhausted = merge(of(1, 2, 3), timer(5).pipe(rxMap(() => 4))).pipe(exhaustMap(slow), toArray());
      expect(await lastValueFrom(exhausted)).toEqual([{ v: 1 }, { v: -1 }]);
    }));

  it('runs many at a time in mergeMap(), each with its own records in order', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const operator = fused(Reading, { engine, capacity: 64 }, counts());
      const all = await lastValueFrom(
        range(1, 40).pipe(
          mergeMap((id) =>
            range(0, 500).pipe(
              rxMap((i) => reading(id, i)),
              operator,
            ),
          ),
          groupBy(({ id }) => id),
          mergeMap((group) =>
            group.pipe(
              rxMap(({ n }) => n),
              toArray(),
            ),
          ),
          toArray(),
        ),
      );
      const ascending = Array.from({ length: 500 }, (_, i) => i + 1);
      expect(all).toHaveLength(40);
      for (const numbers of all) expect(numbers).toEqual(ascending);
    }));

  it('stands behind each group of groupBy()', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const operator = fused(Reading, { engine }, counts());
      const input = range(0, 900).pipe(rxMap((i) => reading(i % 9, i)));
      const last = new Map<number, number>();
      await lastValueFrom(
        input.pipe(
          groupBy(({ id }) => id),
          mergeMap((group) => group.pipe(operator)),
          rxTap(({ id, n }) => last.set(id, n)),
        ),
      );
      expect([...last.entries()].sort()).toEqual(Array.from({ length: 9 }, (_, id) => [id, 100]));
    }));

  it('meets others in merge() and combineLatest(), and takes what they give', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const operator = fused(
        Reading,
        { engine },
        map((r) => ({ id: r.id, value: r.value, ts: 0 })),
      );
      const [a, b] = [1, 2].map((id) =>
        range(0, 3_000).pipe(
          rxMap((i) => reading(id, i)),
          operator,
        ),
      ) as [ReturnType<typeof operator>, ReturnType<typeof operator>];
      const last = await lastValueFrom(
        merge(a, b).pipe(fused(Reading, { engine, capacity: 16 }, counts()), toArray()),
      );
      for (const id of [1, 2]) {
        const numbers = last.filter((r) => r.id === id).map(({ n }) => n);
        expect(numbers).toEqual(Array.from({ length: 3_000 }, (_, i) => i + 1));
      }
      const latest = await lastValueFrom(combineLatest([a, b]));
      expect(latest.map(({ value }) => value)).toEqual([2_999, 2_999]);
    }));

  it('gives its first and is over, with take(1), first() and firstValueFrom(), of an endless input', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const operator = fused(Reading, { engine, capacity: 8 }, counts());
      for (const rest of [take<{ id: number; n: number }>(1), first<{ id: number; n: number }>()]) {
        const watch = watched(upTo(Number.POSITIVE_INFINITY));
        expect(await lastValueFrom(watch.input.pipe(operator, rest, toArray()))).toEqual([{ id: 1, n: 1 }]);
        expect(watch.open).toBe(0);
      }
      const watch = watched(upTo(Number.POSITIVE_INFINITY));
      expect(await firstValueFrom(watch.input.pipe(operator))).toEqual({ id: 1, n: 1 });
      expect(watch.open).toBe(0);
    }));

  it.each([
    { depth: 2, capacity: 16, maxWorkers: 1 },
    { depth: 6, capacity: 2, maxWorkers: 1 },
    { depth: 5, capacity: 4, maxWorkers: 2 },
    { depth: 4, capacity: 1, maxWorkers: 4 },
  ])(
    'follows another: $depth in a row, $capacity slots each, on $maxWorkers workers',
    ({ depth, capacity, maxWorkers }) =>
      leavingNoPipeline({ placement, ...(placement === 'worker' && { maxWorkers }) }, async (engine) => {
        const operator = fused(
          Reading,
          { engine, capacity },
          map((r) => ({ id: r.id, value: r.value + 1, ts: 0 })),
        );
        let chain = upTo(2_000);
        for (let i = 0; i < depth; i++) chain = chain.pipe(operator);
        const seen = await lastValueFrom(
          chain.pipe(
            rxMap(({ value }) => value),
            toArray(),
          ),
        );
        expect(seen).toEqual(Array.from({ length: 2_000 }, (_, i) => i + depth));
      }),
  );

  it('follows one that makes more of a record than any journal holds, in the same worker', () =>
    leavingNoPipeline({ placement, ...(placement === 'worker' && { maxWorkers: 1 }) }, async (engine) => {
      const Value = struct({ v: f64 });
      const many = step(
        (r: { value: number }, _, emit: (r: { v: number }) => void) => {
          for (let i = 0; i < 3_000; i++) emit({ v: r.value * 3_000 + i });
        },
        { out: Value },
      );
      const chain = upTo(10).pipe(
        fused(Reading, { engine, capacity: 8 }, many),
        fused(
          Value,
          { engine, capacity: 8 },
          map((r) => ({ v: r.v })),
        ),
        rxMap(({ v }) => v),
        toArray(),
      );
      expect(await lastValueFrom(chain)).toEqual(Array.from({ length: 30_000 }, (_, i) => i));
    }));

  it('may be fed by its own listener, as long as there is room', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const input = new Subject<Record>();
      const seen: number[] = [];
      const done = lastValueFrom(
        input.pipe(
          fused(Reading, { engine }, values()),
          rxTap(({ v }) => {
            seen.push(v);
            if (v < 1_000) input.next(reading(1, v + 1));
            else input.complete();
          }),
        ),
      );
      input.next(reading(1, 0));
      await done;
      expect(seen).toEqual(Array.from({ length: 1_001 }, (_, i) => i));
    }));

  it('ends with WouldDeadlockError where its own listener could only wait for itself', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const input = new Subject<Record>();
      const done = lastValueFrom(
        input.pipe(
          fused(Reading, { engine, capacity: 4 }, values()),
          rxTap(() => {
            for (let i = 0; i < 50 && input.observed; i++) input.next(reading(1, i));
          }),
        ),
      );
      input.next(reading(1, 0));
      await expect(done).rejects.toMatchObject({ name: 'WouldDeadlockError', code: 'WOULD_DEADLOCK' });
      expect(input.observed).toBe(false);
    }));

  it('drops what it has no room for, or ends with it, as overflow says', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const outcome = async (overflow: 'drop-newest' | 'error') => {
        const input = new Subject<Record>();
        let dropped = 0;
        const all = lastValueFrom(
          input.pipe(
            fused(Reading, { engine, capacity: 4, overflow }, values()),
            rxTap(({ v }) => {
              if (v > 0) return;
              for (let i = 1; i <= 500; i++) input.next(reading(1, i));
              dropped = engine.stats().sources[0]?.dropped ?? 0;
              input.complete();
            }),
            toArray(),
          ),
        );
        input.next(reading(1, 0));
        return { values: await all, dropped };
      };
      const { values: seen, dropped } = await outcome('drop-newest');
      expect(dropped).toBeGreaterThan(0);
      expect(seen).toHaveLength(501 - dropped);
      await expect(outcome('error')).rejects.toMatchObject({ code: 'SOURCE_FULL' });
    }));

  it('is subscribed to within its own delivery: expand() to a depth of 60', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const operator = fused(
        Reading,
        { engine, capacity: 16 },
        map((r) => ({ id: r.id, value: r.value + 1, ts: 0 })),
      );
      const all = of(reading(1, 0)).pipe(
        expand((r) => (r.value < 60 ? defer(() => of(r)).pipe(operator) : of<Record>()), 1),
        count(),
      );
      expect(await lastValueFrom(all)).toBe(61);
    }));
});
