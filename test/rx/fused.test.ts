// fused() as one operator of an RxJS chain.
import { EMPTY, lastValueFrom, NEVER, of, throwError } from 'rxjs';
import { map as rxMap, toArray } from 'rxjs/operators';
import { describe, expect, it } from 'vitest';
import { dedupBy, map, stateful } from '../../operators/index.js';
import { fused } from '../../src/index.js';
import { PLACEMENTS, Reading, reading, withEngine } from './pipelines.js';

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

  it('names its stage as it is told, and the source of that after it', () =>
    withEngine({ placement }, (engine) => {
      const named = fused(
        Reading,
        { engine, name: 'moves' },
        map((r) => ({ value: r.value })),
      );
      NEVER.pipe(named).subscribe();
      const { sources, stages } = engine.stats();
      expect([...sources, ...stages].map(({ name }) => name)).toEqual(['moves-source', 'moves']);
    }));

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
