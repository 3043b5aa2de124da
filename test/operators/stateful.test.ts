// stateful: the state of each key.
import { describe, expect, it } from 'vitest';
import { map, stateful } from '../../operators/index.js';
import { array, f64, struct, text, u8, u32 } from '../../src/index.js';
import { agree, outcome, run } from './harness.js';

const Item = struct({ id: u32, v: f64, name: text, list: array(f64, 2) }, 'Item');
type Item = { id: number; v: number; name: string; list: ArrayLike<number> };
const item = (id: number, v: number, name = '') => ({ id, v, name, list: [v, -v] });

const items = [item(1, 3), item(2, 5, 'b'), item(1, 4), item(2, -1), item(1, 0), item(3, Number.NaN)];

describe('stateful()', () => {
  it('emits the state after every record: first what init returns, then what update made of it', () => {
    const values = run(Item, items, (s) =>
      s.stage(
        stateful(
          (r) => r.id,
          (r) => ({ id: r.id, sum: r.v }),
          (state, r) => {
            state.sum += r.v;
          },
        ),
      ),
    );
    expect(values).toEqual([
      { id: 1, sum: 3 },
      { id: 2, sum: 5 },
      { id: 1, sum: 7 },
      { id: 2, sum: 4 },
      { id: 1, sum: 7 },
      { id: 3, sum: Number.NaN },
    ]);
  });

  it('does not run update for the first record of a key, and ignores what it returns', async () => {
    const values = await agree(Item, items, (ops) =>
      ops.stateful(
        (r: Item) => r.id,
        () => ({ n: 0 }),
        (state: { n: number }) => {
          state.n++;
          return { n: 100 };
        },
      ),
    );
    expect(values).toEqual([{ n: 0 }, { n: 0 }, { n: 1 }, { n: 1 }, { n: 2 }, { n: 0 }]);
  });

  it('emits copies: what came out does not change with the state', () => {
    const values = run(Item, [item(1, 1), item(1, 2)], (s) =>
      s.stage(
        stateful(
          (r) => r.id,
          (r) => ({ at: { v: r.v }, list: [r.v, 0] }),
          (state, r) => {
            state.at.v = r.v;
            state.list[1] = r.v;
          },
        ),
      ),
    );
    expect(values).toEqual([
      { at: { v: 1 }, list: [1, 0] },
      { at: { v: 2 }, list: [1, 2] },
    ]);
  });

  it('keeps whole records, arrays and texts of its input as copies', async () => {
    await agree(Item, items, (ops) =>
      ops.stateful(
        (r: Item) => r.id,
        (r: Item) => ({ first: r, last: r, list: r.list, name: r.name }),
        (state: { last: Item; list: ArrayLike<number>; name: string }, r: Item) => {
          state.last = r;
          state.list = r.list;
          if (r.name !== '') state.name = r.name;
        },
      ),
    );
    await agree(Item, items, (ops) =>
      ops.stateful(
        (r: Item) => r.id,
        (r: Item) => r,
        (state: Item, r: Item) => {
          Object.assign(state, { v: state.v + r.v, name: r.name });
        },
      ),
    );
  });

  it('swaps and chains assignments as plain objects do', async () => {
    await agree(Item, items, (ops) =>
      ops.stateful(
        (r: Item) => r.id,
        (r: Item) => ({ a: r.v, b: r.id, c: 0, list: [1, 2, 3] }),
        (state: { a: number; b: number; c: number; list: number[] }) => {
          [state.a, state.b] = [state.b, state.a];
          state.c = state.list[0] = state.a + 1;
          state.list[2] = (state.list[1] as number)++;
          state.c ||= 7;
        },
      ),
    );
  });

  it('changes arrays by their methods', async () => {
    type S = { list: number[]; rows: { x: number }[]; sum: number };
    const out = struct({ list: array(f64, 4), rows: array(struct({ x: f64 }), 3), sum: f64 });
    await agree(Item, items, (ops) =>
      ops.stateful(
        (r: Item) => r.id,
        (r: Item) => ({ list: [3, r.v, 1, 2], rows: [{ x: 2 }, { x: r.v }, { x: 1 }], sum: 0 }),
        (state: S, r: Item) => {
          state.list.forEach((x, i) => {
            state.list[i] = x + i;
          });
          state.list.sort((a, b) => b - a);
          state.list.copyWithin(0, 2);
          state.rows.reverse();
          state.rows.sort((a, b) => a.x - b.x);
          state.list.reverse().fill(r.v, 0, 1);
          state.sum = state.list.reduce((a, b) => a + b, `${state.list}`.length);
        },
        { out },
      ),
    );
  });

  it('takes a narrow type where all that is stored has it, and wraps there', async () => {
    const out = struct({ n: u8, id: u32 });
    const records = Array.from({ length: 300 }, () => item(1, 1));
    const values = await agree<Item, { n: number }>(Item, records, (ops) =>
      ops.stateful(
        (r: Item) => r.id,
        (r: Item) => ({ n: 1, id: r.id }),
        (state: { n: number }) => {
          state.n++;
        },
        { out },
      ),
    );
    expect(values.at(-1)?.n).toBe(300 % 256);
  });

  it('feeds the operators after it with the state of the moment', () => {
    const values = run(Item, items, (s) =>
      s.stage(
        stateful(
          (r) => r.name,
          () => ({ n: 1 }),
          (state) => {
            state.n++;
          },
        ),
        map((state) => ({ twice: state.n * 2 })),
      ),
    );
    expect(values.map((r) => r.twice)).toEqual([2, 2, 4, 6, 8, 10]);
  });

  it('keeps what update did before it threw', () => {
    const { values, error } = outcome(Item, [item(1, 1), item(1, 2), item(1, 3)], (s) =>
      s.stage(
        { onError: 'skip' },
        stateful(
          (r) => r.id,
          () => ({ n: 0 }),
          (state, r) => {
            state.n += 1;
            if (r.v === 2) throw new Error('two');
            state.n += 10;
          },
        ),
      ),
    );
    expect(values).toEqual([{ n: 0 }, { n: 12 }]);
    expect(error).toBeUndefined();
  });
});
