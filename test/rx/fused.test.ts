// fused() in RxJS's world: subscription, completion, errors, unsubscription.
import { EMPTY, firstValueFrom, interval, lastValueFrom, NEVER, of, range, Subject, throwError } from 'rxjs';
import { retry, map as rxMap, share, switchMap, take, toArray } from 'rxjs/operators';
import { describe, expect, it } from 'vitest';
import { dedupBy, map, stateful } from '../../operators/index.js';
import { createEngine, fused } from '../../src/index.js';
import { PLACEMENTS, Reading, reading } from './pipelines.js';

describe.each(PLACEMENTS)('fused() placed %s', (placement) => {
  const options = { placement } as const;
  const counts = () =>
    fused(
      Reading,
      options,
      dedupBy(
        (r) => r.id,
        (r) => r.value,
      ),
      stateful(
        (r) => r.id,
        (r) => ({ id: r.id, n: 1 }),
        (s) => {
          s.n++;
        },
      ),
    );

  it('is one operator of a chain, with state for each subscription', async () => {
    const input = of(reading(1, 1), reading(1, 1), reading(2, 1), reading(1, 2));
    const chain = input.pipe(
      counts(),
      rxMap((s) => `${s.id}:${s.n}`),
      toArray(),
    );
    expect(await lastValueFrom(chain)).toEqual(['1:1', '2:1', '1:2']);
    expect(await lastValueFrom(chain)).toEqual(['1:1', '2:1', '1:2']);
  });

  it('completes with an empty input, and passes the error of its input on', async () => {
    expect(await lastValueFrom(EMPTY.pipe(counts(), toArray()))).toEqual([]);
    const error = new Error('upstream');
    await expect(lastValueFrom(throwError(() => error).pipe(counts()))).rejects.toBe(error);
  });

  it('errors with a record that does not fit, or skips it', async () => {
    const input = of(reading(1, 1), reading(-1, 2), reading(1, 3));
    await expect(lastValueFrom(input.pipe(counts(), toArray()))).rejects.toMatchObject({
      code: 'FIELD_RANGE',
    });
    const skipping = fused(
      Reading,
      { ...options, onInvalid: 'skip' },
      map((r) => ({ v: r.value })),
    );
    expect(await lastValueFrom(input.pipe(skipping, toArray()))).toEqual([{ v: 1 }, { v: 3 }]);
  });

  it('stops its input when it is unsubscribed, also from within a delivery of an endless one', async () => {
    const endless = range(0, Number.POSITIVE_INFINITY).pipe(rxMap((i) => reading(1, i)));
    const some = await lastValueFrom(
      endless.pipe(
        fused(
          Reading,
          options,
          map((r) => ({ v: r.value })),
        ),
        take(3),
        toArray(),
      ),
    );
    expect(some).toEqual([{ v: 0 }, { v: 1 }, { v: 2 }]);
  });

  it('unsubscribes from its input', () => {
    const subject = new Subject<ReturnType<typeof reading>>();
    const subscription = subject.pipe(counts()).subscribe();
    expect(subject.observed).toBe(true);
    subscription.unsubscribe();
    expect(subject.observed).toBe(false);
  });

  it('works under share, retry and switchMap', async () => {
    let attempts = 0;
    const flaky = of(1).pipe(
      switchMap(() => (++attempts < 3 ? throwError(() => new Error('again')) : of(reading(1, 1)))),
      counts(),
      retry(5),
    );
    expect(await lastValueFrom(flaky)).toEqual({ id: 1, n: 1 });
    const shared = interval(1).pipe(
      take(3),
      rxMap((i) => reading(1, i)),
      counts(),
      share(),
    );
    const [a, b] = await Promise.all([lastValueFrom(shared), lastValueFrom(shared)]);
    expect(a).toEqual({ id: 1, n: 3 });
    expect(b).toEqual(a);
  });

  it('gives everything back: a thousand subscriptions leave the memory of the engine where it was', async () => {
    const engine = createEngine({ placement });
    const operator = fused(
      Reading,
      { engine, placement },
      map((r) => ({ v: r.value })),
    );
    const once = () => firstValueFrom(of(reading(1, 1)).pipe(operator));
    for (let i = 0; i < 3; i++) await once();
    await new Promise((resolve) => setTimeout(resolve, 30));
    const before = engine.stats().memoryUsed;
    for (let i = 0; i < 1_000; i++) {
      if (i % 3 === 0) NEVER.pipe(operator).subscribe().unsubscribe();
      else await once();
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(engine.stats().memoryUsed).toBe(before);
    expect(engine.stats().sources).toEqual([]);
    await engine.close();
  });

  it('tells what is wrong with its operators: at once for a foreign one, on subscription for a function', async () => {
    expect(() => fused(Reading, rxMap((r) => r) as never)).toThrowError(
      expect.objectContaining({ code: 'NOT_AN_OPERATOR' }),
    );
    const limit = 3;
    const captured = of(reading(1, 1)).pipe(
      fused(
        Reading,
        options,
        map((r) => ({ v: r.value * limit })),
      ),
    );
    await expect(lastValueFrom(captured)).rejects.toThrowError(/limit/);
  });
});
