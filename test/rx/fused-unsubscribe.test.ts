// Leaving a fused() at every moment: nothing more is delivered, its input is left, and everything is given back.
import { getEventListeners } from 'node:events';
import {
  BehaviorSubject,
  from,
  interval,
  lastValueFrom,
  NEVER,
  Observable,
  of,
  ReplaySubject,
  range,
  Subject,
  type Subscription,
} from 'rxjs';
import { endWith, map as rxMap, tap as rxTap, take, takeUntil, toArray } from 'rxjs/operators';
import { describe, expect, it } from 'vitest';
import { createEngine, fused } from '../../src/index.js';
import { counts, leavingNoPipeline, type Record, until, values, watched } from './fused-kit.js';
import { PLACEMENTS, Reading, reading } from './pipelines.js';

const records = (n: number): Record[] => Array.from({ length: n }, (_, i) => reading(i % 3, i));

describe.each(PLACEMENTS)('leaving a fused() placed %s', (placement) => {
  it('before the first record', () =>
    leavingNoPipeline({ placement }, (engine) => {
      const watch = watched(NEVER);
      const subscription = watch.input.pipe(fused(Reading, { engine }, values())).subscribe();
      expect(watch.open).toBe(1);
      subscription.unsubscribe();
      expect(watch.open).toBe(0);
    }));

  it('within the first delivery, while the input goes on', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const subject = new Subject<Record>();
      const seen: number[] = [];
      const subscription = subject.pipe(fused(Reading, { engine }, values())).subscribe(({ v }) => {
        seen.push(v);
        subscription.unsubscribe();
      });
      for (const record of records(5_000)) subject.next(record);
      await until(() => seen.length > 0, 'the first record is delivered');
      expect(subject.observed).toBe(false);
      for (const record of records(5_000)) subject.next(record);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(seen).toEqual([0]);
    }));

  it('within a delivery that comes while the input is being subscribed to', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const watch = watched(range(0, Number.POSITIVE_INFINITY).pipe(rxMap((i) => reading(1, i))));
      const pipeline = watch.input.pipe(
        fused(Reading, { engine, capacity: 4 }, values()),
        take(3),
        toArray(),
      );
      expect(await lastValueFrom(pipeline)).toEqual([{ v: 0 }, { v: 1 }, { v: 2 }]);
      expect(watch.open).toBe(0);
    }));

  it('between two records', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const subject = new Subject<Record>();
      const seen: unknown[] = [];
      const subscription = subject.pipe(fused(Reading, { engine }, counts())).subscribe((r) => seen.push(r));
      subject.next(reading(1, 1));
      await until(() => seen.length === 1, 'the first record is delivered');
      expect(subject.observed).toBe(true);
      subscription.unsubscribe();
      expect(subject.observed).toBe(false);
      subject.next(reading(1, 2));
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(seen).toEqual([{ id: 1, n: 1 }]);
    }));

  it('with records in flight', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const subject = new Subject<Record>();
      const seen: unknown[] = [];
      const subscription = subject
        .pipe(fused(Reading, { engine, capacity: 4_096 }, counts()))
        .subscribe((r) => seen.push(r));
      for (const record of records(2_000)) subject.next(record);
      const before = seen.length;
      subscription.unsubscribe();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(seen).toHaveLength(before);
    }));

  it('after completion, and twice', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const ends: string[] = [];
      const subscription = of(reading(1, 1))
        .pipe(fused(Reading, { engine }, values()))
        .subscribe({ complete: () => ends.push('complete') });
      await until(() => ends.length > 0, 'it completes');
      expect(subscription.closed).toBe(true);
      subscription.unsubscribe();
      subscription.unsubscribe();
      expect(ends).toEqual(['complete']);
    }));

  it('within its completion and within its error', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const ends: string[] = [];
      const operator = fused(Reading, { engine }, values());
      const subscriptions: Subscription[] = [];
      const observer = {
        complete: () => {
          subscriptions[0]?.unsubscribe();
          ends.push('complete');
        },
        error: () => {
          subscriptions[1]?.unsubscribe();
          ends.push('error');
        },
      };
      subscriptions.push(of(reading(1, 1)).pipe(operator).subscribe(observer));
      subscriptions.push(of(reading(-1, 1)).pipe(operator).subscribe(observer));
      await until(() => ends.length === 2, 'both end');
      expect(ends.toSorted()).toEqual(['complete', 'error']);
    }));

  it('while its input is being subscribed to, before and between the records that come at once', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      for (const before of [0, 2]) {
        const stop = new Subject<void>();
        let taken = 0;
        let torn = 0;
        const input = new Observable<Record>((subscriber) => {
          for (let i = 0; i < 5 && !subscriber.closed; i++) {
            if (i === before) stop.next();
            if (subscriber.closed) break;
            taken++;
            subscriber.next(reading(1, i));
          }
          return () => {
            torn++;
          };
        });
        const seen: unknown[] = [];
        await lastValueFrom(
          input.pipe(
            fused(Reading, { engine }, values()),
            rxTap((r) => seen.push(r)),
            takeUntil(stop),
          ),
          { defaultValue: undefined },
        );
        expect({ taken, torn, seen }).toEqual({ taken: before, torn: 1, seen: [] });
      }
    }));

  it('by a signal: before, when its input is not subscribed to, and later; no listener stays', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const reason = new Error('enough');
      const watch = watched(NEVER);
      const gone = AbortSignal.abort(reason);
      const late = watch.input.pipe(fused(Reading, { engine, signal: gone }, values()));
      await expect(lastValueFrom(late)).rejects.toBe(reason);
      expect(watch.subscriptions).toBe(0);

      const controller = new AbortController();
      const { signal } = controller;
      const operator = fused(Reading, { engine, signal }, values());
      const held = lastValueFrom(watch.input.pipe(operator));
      held.catch(() => {});
      expect(getEventListeners(signal, 'abort')).toHaveLength(1);
      await lastValueFrom(of(reading(1, 1)).pipe(operator));
      expect(getEventListeners(signal, 'abort')).toHaveLength(1);
      controller.abort(reason);
      await expect(held).rejects.toBe(reason);
      expect(watch).toMatchObject({ subscriptions: 1, open: 0 });
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    }));

  it('from within a delivery of another', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const operator = fused(Reading, { engine }, values());
      const subject = new Subject<Record>();
      const seen: unknown[] = [];
      const other = subject.pipe(operator).subscribe((r) => seen.push(r));
      await lastValueFrom(
        of(reading(1, 1)).pipe(
          operator,
          rxTap(() => other.unsubscribe()),
        ),
      );
      expect(subject.observed).toBe(false);
      expect(seen).toEqual([]);
    }));

  it('when its engine is closed: it completes, after all records, and leaves its input', async () => {
    const engine = createEngine({ placement });
    const subject = new Subject<Record>();
    const all = lastValueFrom(subject.pipe(fused(Reading, { engine }, values()), toArray()));
    for (const record of records(100)) subject.next(record);
    await engine.close();
    expect(await all).toHaveLength(100);
    expect(subject.observed).toBe(false);
    const late = of(reading(1, 1)).pipe(fused(Reading, { engine }, values()));
    await expect(lastValueFrom(late)).rejects.toMatchObject({ code: 'ENGINE_CLOSED' });
  });
});

describe.each(PLACEMENTS)('a fused() placed %s takes its records from', (placement) => {
  const behavior = new BehaviorSubject(reading(0, 0));
  const replay = new ReplaySubject<Record>();
  for (const record of records(3)) replay.next(record);
  replay.complete();
  async function* generate(): AsyncGenerator<Record> {
    for (const record of records(3)) yield record;
  }
  const inputs: Array<[string, () => Observable<Record>]> = [
    ['of', () => of(...records(3))],
    ['range', () => range(0, 3).pipe(rxMap((i) => reading(i, i)))],
    ['an array', () => from(records(3))],
    [
      'interval',
      () =>
        interval(1).pipe(
          take(3),
          rxMap((i) => reading(i, i)),
        ),
    ],
    ['a promise', () => from(Promise.resolve(reading(0, 0))).pipe(endWith(...records(3).slice(1)))],
    ['an async generator', () => from(generate())],
    ['a ReplaySubject', () => replay],
    [
      'a BehaviorSubject',
      () => {
        setTimeout(() => {
          for (const record of records(3).slice(1)) behavior.next(record);
          behavior.complete();
        });
        return behavior;
      },
    ],
  ];
  it.each(inputs)('%s, all in order, to the end', (_, input) =>
    leavingNoPipeline({ placement }, async (engine) => {
      const pipeline = input().pipe(fused(Reading, { engine }, values()), toArray());
      expect(await lastValueFrom(pipeline)).toEqual([{ v: 0 }, { v: 1 }, { v: 2 }]);
    }),
  );
});
