// Subscribers that throw, and subscribers that leave in the middle of a delivery.
import { config, type Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { map, tap } from '../../operators/index.js';
import { collect, leavingNothing, PLACEMENTS, Reading, reading, settles } from './kit.js';

const same = () => map((r: { value: number }) => ({ value: r.value }));
const upTo = (n: number) => Array.from({ length: n }, (_, i) => ({ value: i }));

/** What RxJS reports because no subscriber took it. */
let reported: unknown[] = [];

beforeEach(() => {
  reported = [];
  config.onUnhandledError = (error) => reported.push(error);
});

afterEach(() => {
  config.onUnhandledError = null;
});

/** Gives RxJS the turn of the event loop on which it reports. */
const reports = () => new Promise((resolve) => setTimeout(resolve, 5));

describe.each(PLACEMENTS)('a subscriber that throws, of a stage placed %s', (placement) => {
  it('has its error reported as RxJS does, and gets the next record; others miss none', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(same());
      const seen: number[] = [];
      const before = collect(stage);
      stage.subscribe((r) => {
        seen.push(r.value);
        if (r.value % 2 === 1) throw new Error(`thrown at ${r.value}`);
      });
      const after = collect(stage);
      const behind = collect(stage.stage(same()));
      for (let i = 0; i < 6; i++) readings.next(reading(1, i));
      readings.complete();
      for (const { values, end } of [before, after, behind]) {
        expect(await settles(end)).toBeUndefined();
        expect(values).toEqual(upTo(6));
      }
      await reports();
      expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
      expect(reported).toMatchObject([1, 3, 5].map((i) => ({ message: `thrown at ${i}` })));
    }));

  it('in complete or error, of views, batches or dead letters keeps nobody from anything', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const whole = readings.stage(same());
      const broken = readings.stage(
        tap((r) => {
          if (r.value === 2) throw new Error('two');
        }),
      );
      const lenient = readings.stage(
        { onError: 'skip' },
        tap((r) => {
          if (r.value > 0) throw new Error('not zero');
        }),
      );
      const fail = (what: string) => () => {
        throw new Error(what);
      };
      whole.subscribe({ complete: fail('complete') });
      whole.views().subscribe({ next: fail('view') });
      whole.batches().subscribe({ next: fail('batch') });
      broken.subscribe({ error: fail('error') });
      lenient.deadLetters.subscribe(fail('letter'));
      let letters = 0;
      lenient.deadLetters.subscribe(() => {
        letters++;
      });
      const outcomes = [collect(whole), collect(broken)];
      for (let i = 0; i < 3; i++) readings.next(reading(1, i));
      readings.complete();
      expect(await settles(outcomes[0]?.end as Promise<unknown>)).toBeUndefined();
      expect(await settles(outcomes[1]?.end as Promise<unknown>)).toMatchObject({ code: 'STAGE_FAILED' });
      expect(outcomes[0]?.values).toEqual(upTo(3));
      await settles(engine.idle());
      expect(letters).toBe(2);
      await reports();
      const messages = reported.map((error) => (error as Error).message);
      expect(new Set(messages)).toEqual(new Set(['complete', 'view', 'batch', 'error', 'letter']));
      expect(messages.filter((message) => message === 'view')).toHaveLength(3);
    }));

  it('without an error handler has the error of its stage reported', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      readings
        .stage(
          { name: 'broken' },
          tap(() => {
            throw new Error('at once');
          }),
        )
        .subscribe(() => {});
      readings.next(reading(1, 0));
      await settles(engine.idle());
      await reports();
      expect(reported).toMatchObject([{ code: 'STAGE_FAILED', stage: 'broken' }]);
    }));
});

describe.each(PLACEMENTS)('within a delivery of a stage placed %s', (placement) => {
  const RECORDS = 1_000;

  it('a subscriber may leave: it gets nothing more, others go on', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(same());
      const seen: number[] = [];
      const subscription: Subscription = stage.subscribe((r) => {
        seen.push(r.value);
        if (r.value === 300) subscription.unsubscribe();
      });
      const other = collect(stage);
      for (let i = 0; i < RECORDS; i++) readings.next(reading(1, i));
      readings.complete();
      await settles(other.end);
      expect(seen).toHaveLength(301);
      expect(other.values).toHaveLength(RECORDS);
    }));

  it('a subscriber may send another away, before or behind it: that one gets nothing more', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(same());
      const seen: number[][] = [[], [], []];
      const subscriptions: Subscription[] = [];
      seen.forEach((values, i) => {
        subscriptions.push(
          stage.subscribe((r) => {
            values.push(r.value);
            if (i === 1 && r.value === 300) {
              subscriptions[0]?.unsubscribe();
              subscriptions[2]?.unsubscribe();
            }
          }),
        );
      });
      for (let i = 0; i < RECORDS; i++) readings.next(reading(1, i));
      await settles(engine.idle());
      expect(seen.map((values) => values.length)).toEqual([301, RECORDS, 300]);
    }));

  it('all may be sent away, and new ones come: they get later records only, and the stage goes on', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage({ capacity: 1_024 }, same());
      const seen: number[][] = [[], [], []];
      const subscriptions: Subscription[] = [];
      const watch = (values: number[]) =>
        subscriptions.push(
          stage.subscribe((r) => {
            values.push(r.value);
            if (r.value !== 300) return;
            for (const subscription of subscriptions) subscription.unsubscribe();
            watch(seen[2] as number[]);
          }),
        );
      watch(seen[0] as number[]);
      watch(seen[1] as number[]);
      for (let i = 0; i < RECORDS; i++) readings.next(reading(1, i));
      await settles(engine.idle());
      // The writer has seen who came by now.
      await new Promise((resolve) => setTimeout(resolve, 20));
      for (let i = RECORDS; i < 2 * RECORDS; i++) readings.next(reading(1, i));
      await settles(engine.idle());
      const [first = [], second = [], late = []] = seen;
      expect([first.length, second.length]).toEqual([301, 300]);
      expect(late.length).toBeGreaterThanOrEqual(RECORDS);
      expect(late[0]).toBeGreaterThan(300);
      expect(late).toEqual(late.map((_, i) => (late[0] as number) + i));
      expect(engine.stats().stages).toMatchObject([{ recordsIn: 2 * RECORDS, occupancy: 0 }]);
    }));

  it('views and batches may be left, and no record is read once nobody is there', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(same());
      let views = 0;
      let batched = 0;
      const byView: Subscription = stage.views().subscribe((view) => {
        views++;
        if (view.value === 10) byView.unsubscribe();
      });
      const byBatch: Subscription = stage.batches().subscribe((batch) => {
        batched += batch.length;
        byBatch.unsubscribe();
      });
      for (let i = 0; i < RECORDS; i++) readings.next(reading(1, i));
      await settles(engine.idle());
      expect(views).toBe(11);
      expect(batched).toBeGreaterThan(0);
      expect(batched).toBeLessThanOrEqual(256);
      expect(engine.stats().stages[0]?.occupancy).toBe(0);
    }));

  it("the pipeline's signal may be aborted: its subscribers get the reason at once, others never notice", () =>
    leavingNothing({ placement }, async (engine) => {
      const abort = new AbortController();
      const doomed = engine.source(Reading);
      const safe = engine.source(Reading);
      const ending = doomed.stage({ signal: abort.signal }, same());
      const going = collect(safe.stage(same()));
      const seen: number[] = [];
      const reason = new Error('enough');
      const end = new Promise((resolve) => {
        ending.subscribe({
          next: (r) => {
            seen.push(r.value);
            if (r.value === 5) abort.abort(reason);
          },
          error: resolve,
        });
      });
      for (let i = 0; i < RECORDS; i++) {
        doomed.next(reading(1, i));
        safe.next(reading(1, i));
      }
      safe.complete();
      expect(await settles(end)).toBe(reason);
      expect(await settles(going.end)).toBeUndefined();
      expect(going.values).toHaveLength(RECORDS);
      expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
      await settles(engine.idle());
      expect(engine.stats().sources).toHaveLength(1);
    }));
});
