// compose and defineOperator: operators made of others, and operators of one's own.
import { describe, expect, it } from 'vitest';
import { dedupBy, map, pairwiseBy, scan, stateful } from '../../operators/index.js';
import { compose, defineOperator, type Fused, f64, fused, struct, u32 } from '../../src/index.js';
import { run } from '../operators/harness.js';

const Item = struct({ id: u32, v: f64 }, 'Item');
const item = (id: number, v: number) => ({ id, v });
const items = [item(1, 1), item(1, 1), item(2, 5), item(1, 4), item(2, 5), item(2, 4)];

const changes = compose(
  Item,
  dedupBy(
    (r) => r.id,
    (r) => r.v,
  ),
  pairwiseBy((r) => r.id),
  map(({ prev, curr }) => ({ id: curr.id, change: curr.v - prev.v })),
);

describe('compose()', () => {
  it('is its operators in a row', () => {
    const expected = [
      { id: 1, change: 3 },
      { id: 2, change: -1 },
    ];
    expect(run(Item, items, (s) => s.stage(changes))).toEqual(expected);
    const byHand = run(Item, items, (s) =>
      s.stage(
        dedupBy(
          (r) => r.id,
          (r) => r.v,
        ),
        pairwiseBy((r) => r.id),
        map(({ prev, curr }) => ({ id: curr.id, change: curr.v - prev.v })),
      ),
    );
    expect(byHand).toEqual(expected);
  });

  it('is itself an operator: in stages, in fused(), in compose(), again and again', () => {
    const sums = compose(
      Item,
      changes,
      scan((acc, r) => ({ sum: acc.sum + r.change }), { sum: 0 }),
    );
    expect(run(Item, items, (s) => s.stage(sums))).toEqual([{ sum: 3 }, { sum: 2 }]);
    const again = compose(
      Item,
      sums,
      map((r) => ({ id: 1, v: r.sum }), { out: Item }),
    );
    expect(run(Item, items, (s) => s.stage(again, again))).toEqual([{ id: 1, v: -1 }]);
    expect(() => fused(Item, changes)).not.toThrow();
  });

  it('is told apart by the names of its operators', () => {
    const names: string[] = [];
    run(Item, [], (s) => {
      const stage = s.stage(changes);
      names.push(...stage.explain().operators.map(({ name }) => name));
      return stage;
    });
    expect(names).toEqual(['dedupBy', 'pairwiseBy', 'map']);
  });

  it('refuses records of another layout', () => {
    const refused = expect.objectContaining({ code: 'LAYOUTS_DIFFER' });
    for (const Other of [
      struct({ id: u32 }),
      struct({ id: f64, v: f64 }),
      struct({ v: f64, id: u32 }),
      struct({ id: u32, v: f64, more: f64 }),
    ]) {
      expect(() => run(Other as typeof Item, [], (s) => s.stage(changes))).toThrowError(refused);
    }
    const behind = map((r: { v: number }) => ({ id: r.v, v: r.v }));
    expect(() => run(Item, [], (s) => s.stage(behind, changes))).toThrowError(refused);
    // The name of a struct says nothing.
    expect(run(struct({ id: u32, v: f64 }, 'Same'), items, (s) => s.stage(changes))).toHaveLength(2);
  });

  it('leaves the operators that it is made of as they were', () => {
    const shared = stateful(
      (r: { id: number }) => r.id,
      () => ({ n: 1 }),
      (s) => {
        s.n++;
      },
    );
    compose(struct({ id: u32, v: f64 }), shared);
    expect(run(struct({ id: f64 }), [{ id: 1 }], (s) => s.stage(shared))).toEqual([{ n: 1 }]);
  });
});

describe('defineOperator()', () => {
  function everyThird<T extends object>(): Fused<T, T> {
    return defineOperator<T, T, { n: number }>({
      name: 'everyThird',
      seed: { n: 0 },
      step: (record, state, emit) => {
        state.value.n = (state.value.n + 1) % 3;
        if (state.value.n === 0) emit(record);
      },
    });
  }

  it('makes operators that are used as the built-in ones are', () => {
    expect(run(Item, items, (s) => s.stage(everyThird()))).toEqual([items[2], items[5]]);
    expect(
      run(Item, items, (s) =>
        s.stage(
          map((r) => ({ v: r.v })),
          everyThird(),
        ),
      ),
    ).toEqual([{ v: 5 }, { v: 4 }]);
  });

  it('gives the step its functions, constants and `same`', () => {
    function changesBy<T extends object>(select: (record: Readonly<T>, using: {}) => number, least: number) {
      return defineOperator<T, T, T, { select: typeof select }, { least: number }>({
        name: 'changesBy',
        functions: { select },
        constants: { least },
        step: (record, state, emit, { select, least, same }) => {
          if (state.exists && same(state.value, record)) return;
          if (!state.exists || Math.abs(select(record) - select(state.value)) >= least) emit(record);
          state.set(record);
        },
      });
    }
    expect(run(Item, items, (s) => s.stage(changesBy((r) => r.v, 3)))).toEqual([items[0], items[2]]);
  });

  it('boxes what functions named in values return', () => {
    function lastOf<T extends object>(select: (record: Readonly<T>, using: {}) => number) {
      return defineOperator<T, { now: number; before: number }, unknown, { select: typeof select }>({
        name: 'lastOf',
        functions: { select },
        values: ['select'],
        step: (record, state, emit, { select, unbox }) => {
          const selected = select(record);
          if (state.exists) emit({ now: unbox(selected), before: unbox(state.value) });
          state.set(selected as never);
        },
      });
    }
    expect(run(Item, items.slice(1, 4), (s) => s.stage(lastOf((r) => r.v * 10)))).toEqual([
      { now: 50, before: 10 },
      { now: 40, before: 50 },
    ]);
  });

  it('names its operator when its step throws', () => {
    const thrower = defineOperator<{ v: number }, { v: number }>({
      name: 'thrower',
      step: (record, _state, emit) => {
        emit(record);
        throw new Error('always');
      },
    });
    expect(() => run(Item, items, (s) => s.stage(thrower))).toThrowError(
      expect.objectContaining({ operator: 'thrower', sequence: 0 }),
    );
  });
});
