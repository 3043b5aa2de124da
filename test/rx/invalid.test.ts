// Records that don't fit their struct, by every way in: who is told, what goes on, and that each of them is counted.
import { from, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { map } from '../../operators/index.js';
import type { Engine, Source } from '../../src/index.js';
import { PLACEMENTS, Reading, reading, withEngine } from './pipelines.js';

type Record = ReturnType<typeof reading>;

const same = () => map((r: { value: number }) => ({ value: r.value }));
const unfit: readonly Record[] = [
  { id: -1, value: 0, ts: 0 },
  { id: 1, value: 'x', ts: 0 } as never,
  { id: 1, ts: 0 } as never,
  undefined as never,
  7 as never,
];
/** Records with the values 1, 2, 3, and those that don't fit before, between and behind them. */
const mixed: readonly Record[] = [
  ...unfit.slice(0, 2),
  reading(1, 1),
  ...unfit.slice(2, 4),
  reading(1, 2),
  reading(1, 3),
  ...unfit.slice(4),
];
const misfit = expect.objectContaining({ code: expect.stringMatching(/^(FIELD|RECORD)_/) });

/** A source, what its stage has delivered, and how that has ended. */
function watched(engine: Engine, onInvalid?: 'error' | 'skip') {
  const source = engine.source(Reading, { name: 'readings', ...(onInvalid && { onInvalid }) });
  const values: number[] = [];
  let resolve: (end: unknown) => void = () => {};
  const end = new Promise<unknown>((settle) => {
    resolve = settle;
  });
  source.stage(same()).subscribe({
    next: (r) => values.push(r.value),
    error: resolve,
    complete: () => resolve('complete'),
  });
  return { source, values, end };
}

const counted = (engine: Engine) => engine.stats().sources[0];

/** Iterables of every kind that `consume` takes. */
const INPUTS: Readonly<{ [kind: string]: (records: readonly Record[]) => never }> = {
  'an iterable': (records) => records as never,
  'an async iterable': (records) =>
    (async function* () {
      yield* records;
    })() as never,
  'a ReadableStream': (records) =>
    new ReadableStream({
      start(controller) {
        for (const record of records) controller.enqueue(record);
        controller.close();
      },
    }) as never,
};

describe.each(PLACEMENTS)('a source placed %s', (placement) => {
  describe.each(['error', 'skip'] as const)('with onInvalid: %s', (onInvalid) => {
    const by: Readonly<{ [entry: string]: (source: Source<Record>, record: Record) => unknown }> = {
      'next()': (source, record) => source.next(record),
      'tryNext()': (source, record) => source.tryNext(record),
      'nextMany()': (source, record) => source.nextMany([record]),
    };
    it.each(Object.entries(by))('throws for each of them from %s, counts it, and goes on', (_, give) =>
      withEngine({ placement }, async (engine) => {
        const { source, values, end } = watched(engine, onInvalid);
        // The first ones come before anything has been lent, published or sealed; all others behind a good record.
        for (const record of mixed) {
          if (unfit.includes(record)) expect(() => give(source, record)).toThrowError(misfit);
          else give(source, record);
        }
        expect(counted(engine)).toMatchObject({ recordsIn: 3, invalid: 5, dropped: 0, ignored: 0 });
        source.complete();
        expect(await end).toBe('complete');
        expect(values).toEqual([1, 2, 3]);
      }),
    );

    it('throws what a getter of a record throws, whatever that is, and counts nothing', () =>
      withEngine({ placement }, async (engine) => {
        const { source, values, end } = watched(engine, onInvalid);
        for (const thrown of [new Error('not now'), undefined, null, 'not now']) {
          const record = {
            id: 1,
            get value(): number {
              throw thrown;
            },
            ts: 0,
          };
          let caught: unknown = 'nothing';
          try {
            source.next(record);
          } catch (error) {
            caught = error;
          }
          expect(caught).toBe(thrown);
        }
        source.next(reading(1, 1));
        source.complete();
        expect(await end).toBe('complete');
        expect(values).toEqual([1]);
        expect(counted(engine)).toMatchObject({ recordsIn: 1, invalid: 0 });
      }));
  });

  it.each(Object.entries(INPUTS))('skips and counts them in %s that it consumes', (_, input) =>
    withEngine({ placement }, async (engine) => {
      const { source, values, end } = watched(engine, 'skip');
      expect(await source.consume(input(mixed))).toBe(3);
      expect(counted(engine)).toMatchObject({ recordsIn: 3, invalid: 5 });
      source.complete();
      expect(await end).toBe('complete');
      expect(values).toEqual([1, 2, 3]);
    }),
  );

  it.each(
    Object.entries(INPUTS).flatMap(([kind, input]) => [
      [kind, 'unless told', undefined, input] as const,
      [kind, "with onInvalid: 'error'", 'error', input] as const,
    ]),
  )('rejects with the first of them in %s that it consumes, %s, and stays open', (_, __, onInvalid, input) =>
    withEngine({ placement }, async (engine) => {
      const { source, values, end } = watched(engine, onInvalid);
      const records = [reading(1, 1), reading(1, 2), unfit[0] as Record, reading(1, 3)];
      await expect(source.consume(input(records))).rejects.toEqual(misfit);
      expect(counted(engine)).toMatchObject({ recordsIn: 2, invalid: 1 });
      expect(await source.consume(input([reading(1, 4)]))).toBe(1);
      source.complete();
      expect(await end).toBe('complete');
      expect(values).toEqual([1, 2, 4]);
    }),
  );

  it('rejects with what the iterable throws, also if that looks like a record that does not fit', () =>
    withEngine({ placement }, async (engine) => {
      const { source, values, end } = watched(engine, 'skip');
      const failure = Object.assign(new Error('of the iterable'), { code: 'FIELD_RANGE' });
      async function* failing() {
        yield reading(1, 1);
        throw failure;
      }
      await expect(source.consume(failing())).rejects.toBe(failure);
      source.complete();
      expect(await end).toBe('complete');
      expect(values).toEqual([1]);
      expect(counted(engine)).toMatchObject({ recordsIn: 1, invalid: 0 });
    }));

  it('skips and counts them when it was passed to subscribe', () =>
    withEngine({ placement }, async (engine) => {
      const { source, values, end } = watched(engine, 'skip');
      from(mixed).subscribe(source);
      expect(await end).toBe('complete');
      expect(values).toEqual([1, 2, 3]);
      expect(counted(engine)).toMatchObject({ recordsIn: 3, invalid: 5, ignored: 0 });
    }));

  it('ends with the first of them when it was passed to subscribe, and counts it', () =>
    withEngine({ placement }, async (engine) => {
      const { source, values, end } = watched(engine, 'error');
      of(reading(1, 1), unfit[0] as Record, reading(1, 2)).subscribe(source);
      expect(await end).toEqual(misfit);
      expect(values).toEqual([1]);
      expect(counted(engine)).toMatchObject({ recordsIn: 1, invalid: 1, ignored: 1 });
    }));
});
