// How a fused() fails: with its input, with a function, with a record that does not fit. What came before is delivered first.
import { concat, from, lastValueFrom, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { catchError, retry, tap as rxTap, toArray } from 'rxjs/operators';
import { describe, expect, it } from 'vitest';
import { filter, map } from '../../operators/index.js';
import { f64, fused, StageError, struct, text } from '../../src/index.js';
import { counts, leavingNoPipeline, type Record, values, watched } from './fused-kit.js';
import { PLACEMENTS, Reading, reading } from './pipelines.js';

const BEFORE = 300;
const before = Array.from({ length: BEFORE }, (_, i) => reading(1, i));
/** Fails at the value 13,000. */
const fragile = () =>
  map((r: Record) => {
    if (r.value === 13_000) throw new RangeError('thirteen');
    return { v: r.value };
  });

/** What a pipeline delivers, and the error that it ends with. */
async function outcome<T>(pipeline: Observable<T>): Promise<{ seen: T[]; error: unknown }> {
  const seen: T[] = [];
  const all = pipeline.pipe(
    rxTap((r) => seen.push(r)),
    toArray(),
  );
  const error = await lastValueFrom(all).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { seen, error };
}

describe.each(PLACEMENTS)('a fused() placed %s', (placement) => {
  it('passes the error of its input on, the very same, behind all records', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const failure = { not: 'even an Error' };
      const input = concat(
        from(before),
        throwError(() => failure),
      );
      const { seen, error } = await outcome(input.pipe(fused(Reading, { engine }, values())));
      expect(seen).toEqual(before.map(({ value }) => ({ v: value })));
      expect(error).toBe(failure);
    }));

  it('ends with the error of a function, behind what came before, and leaves its input', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const watch = watched(concat(from(before), of(reading(7, 13_000), reading(8, 1)), NEVER));
      const { seen, error } = await outcome(
        watch.input.pipe(
          fused(
            Reading,
            { engine, name: 'fragile' },
            filter((r) => r.id > 0),
            fragile(),
          ),
        ),
      );
      expect(seen).toHaveLength(BEFORE);
      expect(error).toBeInstanceOf(StageError);
      expect(error).toMatchObject({
        code: 'STAGE_FAILED',
        stage: 'fragile',
        operator: 'map',
        sequence: BEFORE,
        record: reading(7, 13_000),
        cause: { name: 'RangeError', message: 'thirteen' },
      });
      expect(watch).toMatchObject({ subscriptions: 1, open: 0 });
    }));

  it('goes on with onError skip, without the record', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const input = from([...before, reading(7, 13_000), reading(8, 1)]);
      const operator = fused(Reading, { engine, onError: 'skip' }, fragile());
      const { seen, error } = await outcome(input.pipe(operator));
      expect(error).toBeUndefined();
      expect(seen).toHaveLength(BEFORE + 1);
      expect(seen.at(-1)).toEqual({ v: 1 });
    }));

  it('ends with a record that does not fit, behind what came before, and leaves its input', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const bad = [reading(-1, 1), { id: 1, value: 'x', ts: 0 }, { id: 1, value: 1 }, undefined, 7];
      for (const record of bad) {
        const watch = watched(concat(from(before), of(record as Record, reading(8, 1)), NEVER));
        const { seen, error } = await outcome(watch.input.pipe(fused(Reading, { engine }, values())));
        expect(seen).toHaveLength(BEFORE);
        expect(error).toMatchObject({ code: expect.stringMatching(/^(FIELD|RECORD)_/) });
        expect(watch).toMatchObject({ subscriptions: 1, open: 0 });
      }
    }));

  it('leaves its input at once when a record does not fit', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const subject = new Subject<Record>();
      const ended = outcome(subject.pipe(fused(Reading, { engine }, values())));
      subject.next(reading(1, 1));
      expect(subject.observed).toBe(true);
      subject.next(reading(-1, 2));
      expect(subject.observed).toBe(false);
      expect((await ended).error).toMatchObject({ code: 'FIELD_RANGE' });
    }));

  it('drops and counts such records with onInvalid skip', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const subject = new Subject<Record>();
      const operator = fused(Reading, { engine, onInvalid: 'skip' }, values());
      const all = lastValueFrom(subject.pipe(operator, toArray()));
      subject.next(reading(1, 1));
      subject.next(reading(-1, 2));
      subject.next(undefined as never);
      subject.next(reading(1, 3));
      expect(engine.stats().sources).toMatchObject([{ recordsIn: 2, invalid: 2 }]);
      subject.complete();
      expect(await all).toEqual([{ v: 1 }, { v: 3 }]);
    }));

  it('ends with a text too many', () =>
    leavingNoPipeline({ placement, maxTexts: 3 }, async (engine) => {
      const Named = struct({ name: text, v: f64 });
      const input = from(['a', 'b', 'c', 'd', 'e'].map((name, v) => ({ name, v })));
      const { seen, error } = await outcome(
        input.pipe(
          fused(
            Named,
            { engine },
            map((r) => ({ v: r.v })),
          ),
        ),
      );
      expect(seen.length).toBeLessThanOrEqual(3);
      expect(error).toMatchObject({ code: 'TEXT_TABLE_FULL' });
    }));

  it('starts anew when it is retried, with a state of its own', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      let attempts = 0;
      const watch = watched(
        new Observable<Record>((subscriber) => {
          attempts++;
          for (let i = 0; i < 3; i++) subscriber.next(reading(1, i));
          if (attempts < 3) subscriber.next(reading(-1, 0));
          else subscriber.complete();
        }),
      );
      const all = watch.input.pipe(fused(Reading, { engine }, counts()), retry(5), toArray());
      const once = [1, 2, 3].map((n) => ({ id: 1, n }));
      expect(await lastValueFrom(all)).toEqual([...once, ...once, ...once]);
      expect(watch).toMatchObject({ subscriptions: 3, open: 0 });
    }));

  it('is followed by what catchError puts in its place', () =>
    leavingNoPipeline({ placement }, async (engine) => {
      const input = of(reading(1, 1), reading(1, 13_000));
      const rescued = input.pipe(
        fused(Reading, { engine }, fragile()),
        catchError((error: StageError) =>
          of(reading(2, error.sequence as number)).pipe(fused(Reading, { engine }, values())),
        ),
        toArray(),
      );
      expect(await lastValueFrom(rescued)).toEqual([{ v: 1 }, { v: 1 }]);
    }));

  it('fails alone: another on the same input, and in the same worker, goes on', () =>
    leavingNoPipeline({ placement, ...(placement === 'worker' && { maxWorkers: 1 }) }, async (engine) => {
      const input = new Subject<Record>();
      const well = outcome(input.pipe(fused(Reading, { engine }, values())));
      const ill = outcome(input.pipe(fused(Reading, { engine }, fragile())));
      for (const record of [...before, reading(1, 13_000)]) input.next(record);
      expect((await ill).error).toBeInstanceOf(StageError);
      for (const record of before) input.next(record);
      input.complete();
      const { seen, error } = await well;
      expect(error).toBeUndefined();
      expect(seen).toHaveLength(2 * BEFORE + 1);
    }));
});
