// The edges in RxJS's own terms: marble diagrams of sources, stages and fused(), with the subscriptions that they hold.
import {
  bufferTime,
  concat,
  debounceTime,
  type MonoTypeOperatorFunction,
  merge,
  Observable,
  repeat,
  retry,
  map as rxMap,
  share,
  switchMap,
  take,
  takeUntil,
  withLatestFrom,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dedupBy, filter, map, pairwise, scan, stateful, step } from '../../operators/index.js';
import {
  createEngine,
  type Engine,
  f64,
  fused,
  type Source,
  StageError,
  struct,
  u32,
} from '../../src/index.js';

const Item = struct({ k: u32, v: f64 }, 'Item');
type Item = { k: number; v: number };

/** Records by the letters of diagrams; `k` is odd for a, c, e. */
const items: Record<string, Item> = {
  a: { k: 1, v: 1 },
  b: { k: 2, v: 2 },
  c: { k: 1, v: 3 },
  d: { k: 2, v: 4 },
  e: { k: 1, v: 5 },
  // Not a record of this struct.
  z: { k: -1, v: 0 },
};

const twice = () => map((r: Item) => ({ twice: r.v * 2 }));
const doubled = Object.fromEntries(
  Object.entries(items).map(([letter, { v }]) => [letter, { twice: v * 2 }]),
);

/** Fails at v = 3. */
const fragile = () =>
  map((r: Item) => {
    if (r.v === 3) throw new Error('three');
    return { twice: r.v * 2 };
  });

const isStageError = expect.objectContaining({ code: 'STAGE_FAILED' });

let engine: Engine;
let source: Source<Item>;
let scheduler: TestScheduler;

beforeEach(() => {
  engine = createEngine({ placement: 'inline' });
  source = engine.source(Item);
  scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
});

afterEach(async () => {
  await engine.close().catch(() => {});
});

/** Passes values on, and has the engine deliver what came of each: virtual time has no microtasks. */
function flushed<T>(): MonoTypeOperatorFunction<T> {
  return (input) =>
    new Observable((subscriber) =>
      input.subscribe({
        next(value) {
          subscriber.next(value);
          engine.flush();
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
}

describe('a stage', () => {
  it('emits when its source is given a record, and completes with it', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('  --a--b--c--|', items);
      const subs = '    ^----------!';
      const expected = '--a--b--c--|';
      const stage = source.stage(twice());
      e1.pipe(flushed()).subscribe(source);
      expectObservable(stage).toBe(expected, doubled);
      expectSubscriptions(e1.subscriptions).toBe(subs);
    });
  });

  it('takes records of a cold Observable from its subscription on', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const e1 = cold(' a-b-c|', items);
      const subs = '    ^----!';
      const expected = 'a-b-c|';
      // The subscription to the cold one brings its first record at once.
      expectObservable(source.stage(twice())).toBe(expected, doubled);
      scheduler.schedule(() => e1.pipe(flushed()).subscribe(source));
      expectSubscriptions(e1.subscriptions).toBe(subs);
    });
  });

  it('delivers what was not flushed with the end', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('  --a--b--c--|', items);
      const expected = '-----------(abc|)';
      const stage = source.stage(twice());
      e1.subscribe(source);
      expectObservable(stage).toBe(expected, doubled);
    });
  });

  it('emits none, one or many records at the time of one', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('    --b----a----c----|', items);
      const expected = '  --(xy)-x----(xyz)|';
      const passed = '    --b--------------|';
      const repeated = source.stage(
        step(
          (r, _state, emit) => {
            for (let i = 0; i < r.v; i++) emit({ i });
          },
          { out: struct({ i: f64 }) },
        ),
      );
      const even = source.stage(filter((r) => r.k === 2));
      e1.pipe(flushed()).subscribe(source);
      expectObservable(repeated).toBe(expected, { x: { i: 0 }, y: { i: 1 }, z: { i: 2 } });
      expectObservable(even).toBe(passed, items);
    });
  });

  it('passes the error of its source on, after all records before it', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('  --a--b--#', items, 'upstream');
      const subs = '    ^-------!';
      const expected = '--a--b--#';
      const stage = source.stage(twice());
      e1.pipe(flushed()).subscribe(source);
      expectObservable(stage).toBe(expected, doubled, 'upstream');
      expectObservable(stage.pipe(rxMap((r) => r))).toBe(expected, doubled, 'upstream');
      expectSubscriptions(e1.subscriptions).toBe(subs);
    });
  });

  it('delivers records that were not flushed before an error', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('  --a--b--#    ', items, 'upstream');
      const expected = '--------(ab#)';
      const stage = source.stage(twice());
      e1.subscribe(source);
      expectObservable(stage).toBe(expected, doubled, 'upstream');
    });
  });

  it('completes, or fails, without a record', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const failing = engine.source(Item);
      const silent = engine.source(Item);
      const stages = [source, failing, silent].map((each) => each.stage(twice()));
      hot<Item>('---|').subscribe(source);
      hot<Item>('---#').subscribe(failing);
      hot<Item>('----').subscribe(silent);
      expectObservable(stages[0] as Observable<unknown>).toBe('---|');
      expectObservable(stages[1] as Observable<unknown>).toBe('---#');
      expectObservable(stages[2] as Observable<unknown>).toBe('----');
    });
  });

  it('goes on when a subscriber leaves', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('  --a--b--c--d--|', items);
      const subs = '    ^-------------!';
      const unsub = '   ^-----!        ';
      const left = '    --a--b-        ';
      const expected = '--a--b--c--d--|';
      const stage = source.stage(twice());
      e1.pipe(flushed()).subscribe(source);
      expectObservable(stage, unsub).toBe(left, doubled);
      expectObservable(stage).toBe(expected, doubled);
      expectSubscriptions(e1.subscriptions).toBe(subs);
    });
  });

  it('is hot: a later subscriber sees later records of the state that went on', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('  --a--b--c--d--|', items);
      const late = '    ------^        ';
      const between = ' ---^---!       ';
      const expected = '--------y--z--|';
      const stage = source.stage(scan((acc, r) => ({ sum: acc.sum + r.v }), { sum: 0 }));
      e1.pipe(flushed()).subscribe(source);
      expectObservable(stage, late).toBe(expected, { y: { sum: 6 }, z: { sum: 10 } });
      expectObservable(stage, between).toBe('-----x--', { x: { sum: 3 } });
    });
  });

  it('ignores what its source is given after the end', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('  --a--|       ', items);
      const e2 = hot('  ---b----c--|', items);
      const expected = '--ab-|       ';
      const stage = source.stage(twice());
      e1.pipe(flushed()).subscribe(source);
      e2.pipe(flushed()).subscribe(source);
      expectObservable(stage).toBe(expected, doubled);
    });
    expect(engine.stats().sources[0]?.ignored).toBe(1);
  });

  it('fails when a function throws, and the stages after it; siblings and the source go on', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('  --a--b--c--d--|', items);
      const subs = '    ^-------------!';
      const failed = '  --a--b--#      ';
      const expected = '--a--b--c--d--|';
      const stage = source.stage({ name: 'fragile' }, fragile());
      const after = stage.stage(filter((r) => r.twice > 0));
      const sibling = source.stage(twice());
      e1.pipe(flushed()).subscribe(source);
      expectObservable(stage).toBe(failed, doubled, isStageError);
      expectObservable(after).toBe(failed, doubled, isStageError);
      expectObservable(sibling).toBe(expected, doubled);
      expectObservable(source).toBe(expected, items);
      expectSubscriptions(e1.subscriptions).toBe(subs);
    });
  });

  it("skips records that throw with onError: 'skip', and tells of them when they come", () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('  --a--b--c--d--|', items);
      const expected = '--a--b-----d--|';
      const letters = ' --------c------';
      const stage = source.stage({ onError: 'skip' }, fragile());
      e1.pipe(flushed()).subscribe(source);
      expectObservable(stage).toBe(expected, doubled);
      expectObservable(stage.deadLetters.pipe(rxMap((letter) => letter.record))).toBe(letters, items);
    });
  });

  it('fails with a record that does not fit, which comes through subscribe', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('  --a--z--c--|', items);
      const expected = '--a--#      ';
      const stage = source.stage(twice());
      e1.pipe(flushed()).subscribe(source);
      expectObservable(stage).toBe(expected, doubled, expect.objectContaining({ code: 'FIELD_RANGE' }));
    });
  });

  it("skips a record that does not fit with onInvalid: 'skip'", () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('  --a--z--c--|', items);
      const expected = '--a-----c--|';
      const lenient = engine.source(Item, { onInvalid: 'skip' });
      const stage = lenient.stage(twice());
      e1.pipe(flushed()).subscribe(lenient);
      expectObservable(stage).toBe(expected, doubled);
    });
  });
});

describe('a stage under RxJS operators', () => {
  it('feeds debounceTime', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('  --a-b-----c--d--------|', items);
      const expected = '---------b--------d---|';
      const stage = source.stage(twice());
      e1.pipe(flushed()).subscribe(source);
      expectObservable(stage.pipe(debounceTime(5))).toBe(expected, doubled);
    });
  });

  it('feeds bufferTime', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('  --a-b------c-d----|   ', items);
      const expected = '----------x-------(y|)';
      const stage = source.stage(twice());
      e1.pipe(flushed()).subscribe(source);
      const values = {
        x: [doubled.a, doubled.b],
        y: [doubled.c, doubled.d],
      };
      expectObservable(stage.pipe(bufferTime(10))).toBe(expected, values);
    });
  });

  it('is left by take and takeUntil', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('      --a--b--c--d--|', items);
      const subs = '        ^-------------!';
      const notifier = hot('-------x       ');
      const first = '       --a--(b|)      ';
      const until = '       --a--b-|       ';
      const stage = source.stage(twice());
      e1.pipe(flushed()).subscribe(source);
      expectObservable(stage.pipe(take(2))).toBe(first, doubled);
      expectObservable(stage.pipe(takeUntil(notifier))).toBe(until, doubled);
      expectSubscriptions(notifier.subscriptions).toBe('^------!');
      expectSubscriptions(e1.subscriptions).toBe(subs);
    });
  });

  it('merges with, and is combined with, its source', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('  --a----b----|', items);
      const merged = '  --(ax)-(by)-|';
      const latest = '  --x----y----|';
      const stage = source.stage(twice());
      const values = { ...items, x: doubled.a, y: doubled.b };
      expectObservable(merge<unknown[]>(source, stage)).toBe(merged, values);
      expectObservable(
        stage.pipe(
          withLatestFrom(source),
          rxMap(([{ twice }, { v }]) => twice - v),
        ),
      ).toBe(latest, {
        x: 1,
        y: 2,
      });
      e1.pipe(flushed()).subscribe(source);
    });
  });

  it('is subscribed and left by switchMap', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('    --a--b--c--d--|  ', items);
      const outer = hot(' -x-----y---------|', { x: 1, y: 2 });
      const expected = '  --a--b--p--q-----|';
      const stage = source.stage(twice());
      e1.pipe(flushed()).subscribe(source);
      const switched = outer.pipe(switchMap((by) => stage.pipe(rxMap((r) => ({ twice: r.twice * by })))));
      expectObservable(switched).toBe(expected, { ...doubled, p: { twice: 12 }, q: { twice: 16 } });
    });
  });

  it('feeds a source of another engine', () => {
    const other = createEngine({ placement: 'inline' });
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('  --a--b--c--|', items);
      const expected = '-----x--y--|';
      const second = other.source(struct({ twice: f64 }));
      const pairs = second.stage(pairwise());
      source
        .stage(twice())
        .pipe(rxMap((r) => r))
        .subscribe({
          next(r) {
            second.next(r);
            other.flush();
          },
          complete: second.complete,
        });
      e1.pipe(flushed()).subscribe(source);
      expectObservable(pairs).toBe(expected, {
        x: { prev: doubled.a, curr: doubled.b },
        y: { prev: doubled.b, curr: doubled.c },
      });
    });
    return other.close();
  });
});

describe('fused()', () => {
  const fusedTwice = () => fused(Item, { engine, placement: 'inline' }, twice());
  const counted = () =>
    fused(
      Item,
      { engine, placement: 'inline' },
      stateful(
        (r) => r.k,
        (r) => ({ k: r.k, n: 1 }),
        (s) => {
          s.n++;
        },
      ),
    );
  const counts = {
    p: { k: 1, n: 1 },
    q: { k: 2, n: 1 },
    r: { k: 1, n: 2 },
  };

  it('emits when its input does, and completes with it', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('  --a--b--c--|', items);
      const subs = '    ^----------!';
      const expected = '--p--q--r--|';
      expectObservable(e1.pipe(flushed(), counted())).toBe(expected, counts);
      expectSubscriptions(e1.subscriptions).toBe(subs);
    });
  });

  it('delivers what was not flushed with the end', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const e1 = cold(' --a--b--c--|', items);
      const subs = '    ^----------!';
      const expected = '-----------(pqr|)';
      expectObservable(e1.pipe(counted())).toBe(expected, counts);
      expectSubscriptions(e1.subscriptions).toBe(subs);
    });
  });

  it.each(['|', '#', '---|', '---#', '-'])('ends as its input does without a record: %s', (marbles) => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const e1 = cold<Item>(marbles);
      const subs = { '|': '(^!)', '#': '(^!)', '-': '^' }[marbles] ?? '^--!';
      expectObservable(e1.pipe(fusedTwice())).toBe(marbles);
      expectSubscriptions(e1.subscriptions).toBe(subs);
    });
  });

  it('passes the error of its input on, after all records before it', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('  --a--b--#', items, 'upstream');
      const subs = '    ^-------!';
      const expected = '--a--b--#';
      expectObservable(e1.pipe(flushed(), fusedTwice())).toBe(expected, doubled, 'upstream');
      expectSubscriptions(e1.subscriptions).toBe(subs);
    });
  });

  it('delivers records that were not flushed before an error', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const e1 = cold(' --a--b--#    ', items, 'upstream');
      const expected = '--------(ab#)';
      expectObservable(e1.pipe(fusedTwice())).toBe(expected, doubled, 'upstream');
    });
  });

  it('leaves its input when it is left', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('  --a--b--c--d--|', items);
      const unsub = '   ^-----!        ';
      const expected = '--a--b-        ';
      expectObservable(e1.pipe(flushed(), fusedTwice()), unsub).toBe(expected, doubled);
      expectSubscriptions(e1.subscriptions).toBe(unsub);
    });
  });

  it('leaves its input from within a delivery', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('  --a--b--c--d--|', items);
      const subs = '    ^----!         ';
      const expected = '--a--(b|)      ';
      expectObservable(e1.pipe(flushed(), fusedTwice(), take(2))).toBe(expected, doubled);
      expectSubscriptions(e1.subscriptions).toBe(subs);
    });
  });

  it('leaves its input when a function throws', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('  --a--b--c--d--|', items);
      const subs = '    ^-------!      ';
      const expected = '--a--b--#      ';
      const operator = fused(Item, { engine, placement: 'inline' }, fragile());
      expectObservable(e1.pipe(flushed(), operator)).toBe(expected, doubled, isStageError);
      expectSubscriptions(e1.subscriptions).toBe(subs);
    });
  });

  it('leaves its input with a record that does not fit, or skips it', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('  --a--z--c--|', items);
      const refused = { code: 'FIELD_RANGE' };
      const lenient = fused(Item, { engine, placement: 'inline', onInvalid: 'skip' }, twice());
      expectObservable(e1.pipe(flushed(), fusedTwice())).toBe(
        '--a--#',
        doubled,
        expect.objectContaining(refused),
      );
      expectObservable(e1.pipe(flushed(), lenient)).toBe('--a-----c--|', doubled);
      expectSubscriptions(e1.subscriptions).toBe(['^----!', '^----------!']);
    });
  });

  it('has a state for each subscription', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('  --a--b--c--|', items);
      const late = '    -------^    ';
      const expected = '--p--q--r--|';
      const second = '  --------p--|';
      const operator = counted();
      expectObservable(e1.pipe(flushed(), operator)).toBe(expected, counts);
      expectObservable(e1.pipe(flushed(), operator), late).toBe(second, counts);
      expectSubscriptions(e1.subscriptions).toBe(['^----------!', '-------^---!']);
    });
  });

  it('starts anew with repeat and retry', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const e1 = cold('   a-c|      ', items);
      const e2 = cold('   a-c#      ', items);
      const repeated = '  p-rp-r|   ';
      const retried = '   p-rp-r#   ';
      const subs = ['^--!', '---^--!'];
      expectObservable(e1.pipe(flushed(), counted(), repeat(2))).toBe(repeated, counts);
      expectObservable(e2.pipe(flushed(), counted(), retry(1))).toBe(retried, counts);
      expectSubscriptions(e1.subscriptions).toBe(subs);
      expectSubscriptions(e2.subscriptions).toBe(subs);
    });
  });

  it('works within switchMap, concat and share', () => {
    scheduler.run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const outer = hot('   -x---y----|       ');
      const inner = cold('   a--b--c|         ', items);
      const switched = '    -p--qp--q--r|     ';
      const first = cold('  a-c|              ', items);
      const second = cold('    b|             ', items);
      const joined = '      p-rq|             ';
      const e1 = hot('      --a--c--|         ', items);
      const shared = '      --p--r--|         ';
      expectObservable(outer.pipe(switchMap(() => inner.pipe(flushed(), counted())))).toBe(switched, counts);
      expectSubscriptions(inner.subscriptions).toBe(['-^---!', '-----^------!']);
      expectObservable(concat(first, second).pipe(flushed(), counted())).toBe(joined, counts);
      const once = e1.pipe(flushed(), counted(), share());
      expectObservable(once).toBe(shared, counts);
      expectObservable(once).toBe(shared, counts);
      expectSubscriptions(e1.subscriptions).toBe('^-------!');
    });
  });

  it('stands between RxJS operators of time', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const e1 = hot('  --a-c-e----a----|', items);
      const expected = '-------c------a-|';
      const distinct = fused(
        Item,
        { engine, placement: 'inline' },
        dedupBy(
          (r) => r.k,
          (r) => r.v > 2,
        ),
        twice(),
      );
      expectObservable(e1.pipe(flushed(), distinct, debounceTime(3))).toBe(expected, doubled);
    });
  });

  it('tells what is wrong with its functions on subscription, without subscribing to its input', () => {
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const e1 = hot('  --a--|', items);
      const limit = 3;
      const operator = fused(
        Item,
        { engine, placement: 'inline' },
        map((r) => ({ v: r.v * limit })),
      );
      expectObservable(e1.pipe(operator)).toBe(
        '#',
        {},
        expect.objectContaining({ code: 'CAPTURED_VARIABLE' }),
      );
      expectSubscriptions(e1.subscriptions).toBe([]);
    });
  });

  it('gives everything back however it ends', async () => {
    scheduler.run(({ cold, expectObservable }) => {
      const ends = ['a-b|', 'a-b#', 'a-b'];
      for (const end of ends) {
        expectObservable(cold(end, items).pipe(flushed(), fusedTwice()), '^----!').toBe(end, doubled);
      }
    });
    expect(engine.stats()).toMatchObject({ sources: [{ name: source.name }], stages: [] });
  });

  it('errors with a StageError', () => {
    scheduler.run(({ cold }) => {
      const errors: unknown[] = [];
      const operator = fused(Item, { engine, placement: 'inline', name: 'fragile' }, fragile());
      cold('a-c', items)
        .pipe(flushed(), operator)
        .subscribe({ error: (error) => errors.push(error) });
      scheduler.flush();
      expect(errors[0]).toBeInstanceOf(StageError);
      expect(errors[0]).toMatchObject({ stage: 'fragile', operator: 'map', sequence: 1, record: items.c });
    });
  });
});
