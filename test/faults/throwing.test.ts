// A user's function that throws: what is told of it, what goes on, and what stands.
import { describe, expect, it } from 'vitest';
import * as op from '../../operators/index.js';
import { array, type DeadLetter, type Fused, f64, StageError, struct } from '../../src/index.js';
import { collect, leavingNothing, PLACEMENTS, Reading, reading, settles } from './kit.js';

type R = { id: number; value: number };

/** Every function of every operator, throwing at the record with the value 3. */
const POSITIONS: Readonly<Record<string, () => Fused<R, never>>> = {
  'map: project': () =>
    op.map((r: R) => {
      if (r.value === 3) throw new RangeError('no threes');
      return { value: r.value };
    }) as never,
  'filter: predicate': () =>
    op.filter((r: R) => {
      if (r.value === 3) throw new RangeError('no threes');
      return true;
    }) as never,
  'tap: visit': () =>
    op.tap((r: R) => {
      if (r.value === 3) throw new RangeError('no threes');
    }) as never,
  'scan: accumulator': () =>
    op.scan(
      (s: { value: number }, r: R) => {
        if (r.value === 3) throw new RangeError('no threes');
        return { value: s.value + r.value };
      },
      { value: 0 },
    ) as never,
  'stateful: key': () =>
    op.stateful(
      (r: R) => {
        if (r.value === 3) throw new RangeError('no threes');
        return r.id;
      },
      (r) => ({ value: r.value }),
      (s, r) => {
        s.value = r.value;
      },
    ) as never,
  'stateful: init': () =>
    op.stateful(
      (r: R) => r.value,
      (r) => {
        if (r.value === 3) throw new RangeError('no threes');
        return { value: r.value };
      },
      (s, r) => {
        s.value = r.value;
      },
    ) as never,
  'stateful: update': () =>
    op.stateful(
      (r: R) => r.id,
      (r) => ({ value: r.value }),
      (s, r) => {
        if (r.value === 3) throw new RangeError('no threes');
        s.value = r.value;
      },
    ) as never,
  'delta: key': () =>
    op.delta(
      (r: R) => {
        if (r.value === 3) throw new RangeError('no threes');
        return r.id;
      },
      (curr) => ({ value: curr.value }),
    ) as never,
  'delta: compare': () =>
    op.delta(
      (r: R) => r.id,
      (curr) => {
        if (curr.value === 3) throw new RangeError('no threes');
        return { value: curr.value };
      },
    ) as never,
  'dedupBy: key': () =>
    op.dedupBy((r: R) => {
      if (r.value === 3) throw new RangeError('no threes');
      return r.id;
    }) as never,
  'dedupBy: select': () =>
    op.dedupBy(
      (r: R) => r.id,
      (r) => {
        if (r.value === 3) throw new RangeError('no threes');
        return r.value;
      },
    ) as never,
  'distinctUntilChanged: comparator': () =>
    op.distinctUntilChanged((_a: R, b) => {
      if (b.value === 3) throw new RangeError('no threes');
      return false;
    }) as never,
  'distinctUntilChanged: keySelector': () =>
    op.distinctUntilChanged(undefined, (r: R) => {
      if (r.value === 3) throw new RangeError('no threes');
      return r.value;
    }) as never,
  'distinctUntilKeyChanged: key': () =>
    op.distinctUntilKeyChanged((r: R) => {
      if (r.value === 3) throw new RangeError('no threes');
      return r.value;
    }) as never,
  'pairwiseBy: key': () =>
    op.pairwiseBy((r: R) => {
      if (r.value === 3) throw new RangeError('no threes');
      return r.value % 2;
    }) as never,
  'step: run': () =>
    op.step(
      (r: R, _state, emit) => {
        if (r.value === 3) throw new RangeError('no threes');
        emit({ value: r.value });
      },
      { out: struct({ value: f64 }) },
    ) as never,
  'step: key': () =>
    op.step((r: R, _state, emit) => emit(r), {
      key: (r) => {
        if (r.value === 3) throw new RangeError('no threes');
        return r.id;
      },
      state: struct({ value: f64 }),
    }) as never,
};

const RECORDS = 6;
const told = {
  operator: expect.any(String),
  record: { id: 1, value: 3 },
  sequence: 3,
};

describe.each(PLACEMENTS)('a function that throws, placed %s', (placement) => {
  describe.each(Object.entries(POSITIONS))('in %s', (position, operator) => {
    const operatorName = position.split(':')[0];

    it('ends its stage and those behind with all that is known of it; siblings go on, unhindered', () =>
      leavingNothing({ placement }, async (engine) => {
        const readings = engine.source(Reading, { capacity: 8 });
        const fragile = readings.stage(
          { name: 'fragile', capacity: 2 },
          op.tap(() => {}),
          operator(),
          op.tap(() => {}),
        );
        const behind = fragile.stage(
          { name: 'behind', capacity: 2 },
          op.tap(() => {}),
        );
        const sibling = readings.stage(
          { name: 'sibling' },
          op.map((r) => ({ v: r.value })),
        );
        const outcomes = { fragile: collect(fragile), behind: collect(behind), sibling: collect(sibling) };
        for (let i = 0; i < RECORDS; i++) readings.next(reading(1, i));
        // Many times what the journals hold: the failed stage must not keep any of it.
        for (let i = 0; i < 100; i++) readings.next(reading(1, 3));
        readings.complete();
        expect(await settles(outcomes.sibling.end)).toBeUndefined();
        expect(outcomes.sibling.values).toHaveLength(RECORDS + 100);
        const error = (await settles(outcomes.fragile.end)) as StageError;
        expect(error).toBeInstanceOf(StageError);
        expect(error).toMatchObject({ ...told, operator: operatorName, stage: 'fragile' });
        expect(error.message).toBe(
          `Stage fragile failed in ${operatorName} at record 3: RangeError: no threes`,
        );
        expect(error.cause).toMatchObject({
          name: 'RangeError',
          message: 'no threes',
          stack: expect.stringMatching(/RangeError: no threes\n {4}at /),
        });
        expect(await settles(outcomes.behind.end)).toMatchObject({ stage: 'fragile', sequence: 3 });
        expect(outcomes.behind.values).toEqual(outcomes.fragile.values);
        expect(outcomes.fragile.values.length).toBeLessThanOrEqual(3);
        expect(engine.stats().stages.map(({ state }) => state)).toEqual(['error', 'error', 'complete']);
      }));

    it("sends the record to deadLetters with onError: 'skip', and goes on", () =>
      leavingNothing({ placement }, async (engine) => {
        const readings = engine.source(Reading);
        const lenient = readings.stage({ name: 'lenient', onError: 'skip' }, operator());
        const letters: DeadLetter[] = [];
        lenient.deadLetters.subscribe((letter) => letters.push(letter));
        const outcome = collect(lenient);
        for (let i = 0; i < RECORDS; i++) readings.next(reading(1, i));
        await settles(engine.idle());
        expect(letters).toEqual([
          {
            ...told,
            stage: 'lenient',
            operator: operatorName,
            message: 'no threes',
            stack: expect.stringMatching(/RangeError: no threes\n {4}at /),
          },
        ]);
        expect(engine.stats().stages).toMatchObject([
          { state: 'open', errors: 1, recordsIn: RECORDS, recordsOut: outcome.values.length },
        ]);
        expect(outcome.values.length).toBeGreaterThan(0);
        readings.complete();
        expect(await settles(outcome.end)).toBeUndefined();
      }));
  });

  it('tells the record and the sequence of the stage that failed, not of the one before', () =>
    leavingNothing({ placement, maxWorkers: 1 }, async (engine) => {
      const readings = engine.source(Reading);
      const even = readings.stage(op.filter((r) => r.value % 2 === 0));
      const fragile = even.stage(
        { name: 'fragile' },
        op.map((r) => {
          if (r.value === 6) throw new Error('six');
          return { half: r.value / 2 };
        }),
      );
      const { end, values } = collect(fragile);
      for (let i = 0; i < 10; i++) readings.next(reading(2, i));
      expect(await settles(end)).toMatchObject({ record: { id: 2, value: 6 }, sequence: 3 });
      expect(values).toEqual([{ half: 0 }, { half: 1 }, { half: 2 }]);
      await settles(engine.idle());
      expect(engine.stats().stages[0]).toMatchObject({ recordsIn: 10, recordsOut: 5, state: 'open' });
    }));

  it('leaves standing what was emitted and stored before it threw', () =>
    leavingNothing({ placement }, async (engine) => {
      const Sum = struct({ n: f64, sum: f64 });
      const readings = engine.source(Reading);
      const sums = readings.stage(
        { onError: 'skip' },
        op.step(
          (r, state, emit) => {
            if (!state.exists) state.set({ n: 0, sum: 0 });
            const kept = state.value as { n: number; sum: number };
            kept.n += 1;
            emit({ n: kept.n, sum: kept.sum });
            if (r.value === 3) throw new Error('three');
            kept.sum += r.value;
            emit({ n: kept.n, sum: kept.sum });
          },
          { key: (r) => r.id, state: Sum, out: Sum },
        ),
      );
      const { values } = collect(sums);
      for (const value of [1, 3, 5]) readings.next(reading(1, value));
      await settles(engine.idle());
      expect(values).toEqual([
        { n: 1, sum: 0 },
        { n: 1, sum: 1 },
        { n: 2, sum: 1 },
        { n: 3, sum: 1 },
        { n: 3, sum: 6 },
      ]);
    }));

  it('stores no key for which init threw, so that the next record of the key begins it', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const counts = readings.stage(
        { onError: 'skip' },
        op.stateful(
          (r) => r.id,
          (r) => {
            const first = { n: 1, value: r.value };
            if (r.value === 3) throw new Error('three');
            return first;
          },
          (s) => {
            s.n++;
          },
        ),
      );
      const { values } = collect(counts);
      for (const value of [3, 4, 5]) readings.next(reading(1, value));
      await settles(engine.idle());
      expect(values).toEqual([
        { n: 1, value: 4 },
        { n: 2, value: 4 },
      ]);
    }));

  it('may throw anything: the outcome is an error of the stage', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(
        { onError: 'skip' },
        op.tap((r) => {
          if (r.value === 0) throw 'a text';
          if (r.value === 1) throw 42n;
          if (r.value === 2) throw undefined;
          if (r.value === 3) throw { toString: () => 'an object' };
          if (r.value === 4) throw Object.create(null);
          if (r.value === 5) throw Object.assign(new Error('x'), { message: { not: 'a text' } });
          if (r.value === 6)
            throw Object.assign(new Error('\u0001'.repeat(100_000)), { name: 'N'.repeat(999) });
        }),
      );
      const letters: DeadLetter[] = [];
      stage.deadLetters.subscribe((letter) => letters.push(letter));
      for (let i = 0; i < 7; i++) readings.next(reading(1, i));
      await settles(engine.idle());
      expect(letters.map(({ message }) => message.slice(0, 20))).toEqual([
        'a text',
        '42',
        'undefined',
        'an object',
        'something was thrown',
        '[object Object]',
        '\u0001'.repeat(20),
      ]);
    }));

  it('is told in full however large record and message are, as far as there is room', () =>
    leavingNothing({ placement }, async (engine) => {
      const Large = struct({ values: array(f64, 4_000) });
      const large = engine.source(Large, { capacity: 2 });
      const stage = large.stage(
        { name: '\u0001'.repeat(500) },
        op.tap(() => {
          throw Object.assign(new Error('\ud800'.repeat(5_000)), { name: '\u0002'.repeat(5_000) });
        }),
      );
      const { end } = collect(stage);
      large.next({ values: new Array<number>(4_000).fill(0.123) as never });
      const error = (await settles(end)) as StageError;
      expect(error).toMatchObject({ code: 'STAGE_FAILED', operator: 'tap', sequence: 0, record: undefined });
      expect(error.cause).toMatchObject({ message: '\ud800'.repeat(2_000) });
    }));
});
