// delta: each record against the one before of its key.
import { describe, expect, it } from 'vitest';
import { delta, map } from '../../operators/index.js';
import { f64, struct, text, u8, u32 } from '../../src/index.js';
import { agree, outcome, run } from './harness.js';

const Item = struct({ id: u32, v: f64, name: text }, 'Item');
type Item = { id: number; v: number; name: string };
const item = (id: number, v: number, name = '') => ({ id, v, name });

const items = [item(1, 3, 'a'), item(2, 5), item(1, 9, 'b'), item(2, 4), item(1, 9), item(1, -0), item(1, 0)];

describe('delta()', () => {
  it('emits what its function returns for the record and the one before of its key', () => {
    const values = run(Item, items, (s) =>
      s.stage(
        delta(
          (r) => r.id,
          (curr, prev) => prev && curr.v > 2 * prev.v && { id: curr.id, rise: curr.v - prev.v },
        ),
      ),
    );
    expect(values).toEqual([{ id: 1, rise: 6 }]);
  });

  it('gives undefined as the previous record of the first of a key', async () => {
    const values = await agree(Item, items, (ops) =>
      ops.delta(
        (r: Item) => r.id,
        (curr: Item, prev: Item | undefined) => ({
          first: prev === undefined,
          was: prev?.v ?? -1,
          is: curr.v,
        }),
      ),
    );
    expect(values[0]).toEqual({ first: true, was: -1, is: 3 });
  });

  it('emits nothing for false, null, undefined and all else that is falsy', async () => {
    const Out = struct({ v: f64 });
    const compares: ((curr: Item, prev?: Item) => unknown)[] = [
      () => false,
      () => null,
      () => undefined,
      () => {},
      (_, prev) => prev && null,
      (curr) => curr.v > 100 && { v: curr.v },
      (curr) => (curr.name || curr.v ? { v: curr.v } : 0),
    ];
    for (const compare of compares) {
      await agree(Item, items, (ops) => ops.delta((r: Item) => r.id, compare, { out: Out }));
    }
  });

  it('emits the record, the previous one, or parts of both', async () => {
    await agree(Item, items, (ops) =>
      ops.delta(
        (r: Item) => r.id,
        (_: Item, prev?: Item) => prev,
      ),
    );
    await agree(Item, items, (ops) =>
      ops.delta(
        (r: Item) => r.id,
        (curr: Item) => curr,
      ),
    );
    await agree(Item, items, (ops) =>
      ops.delta(
        (r: Item) => r.id,
        (curr: Item, prev?: Item) => (prev ? prev : curr),
      ),
    );
    await agree(Item, items, (ops) =>
      ops.delta(
        (r: Item) => r.id,
        (curr: Item, prev?: Item) => prev && { prev, curr, same: prev.name === curr.name },
      ),
    );
  });

  it('moves on to the record also when it emits nothing', async () => {
    const values = await agree<Item, { by: number }>(Item, [item(1, 1), item(1, 2), item(1, 10)], (ops) =>
      ops.delta(
        (r: Item) => r.id,
        (curr: Item, prev?: Item) => prev && curr.v > 5 && { by: curr.v - prev.v },
      ),
    );
    expect(values).toEqual([{ by: 8 }]);
  });

  it('stores what it emits as its out struct says', async () => {
    await agree(Item, [item(1, 0), item(1, 300), item(1, -1)], (ops) =>
      ops.delta(
        (r: Item) => r.id,
        (curr: Item, prev?: Item) => prev && { by: curr.v - prev.v },
        {
          out: struct({ by: u8 }),
        },
      ),
    );
  });

  it('hands a record on before it becomes the previous one', () => {
    const { values, error } = outcome(Item, [item(1, 1), item(1, 2), item(1, 3)], (s) =>
      s.stage(
        { onError: 'skip' },
        delta(
          (r) => r.id,
          (curr, prev) => ({ is: curr.v, was: prev === undefined ? 0 : prev.v }),
        ),
        map((r) => {
          if (r.is === 2) throw new Error('two');
          return { is: r.is, was: r.was };
        }),
      ),
    );
    expect(error).toBeUndefined();
    // The throw of the operator after it kept 2 from being stored: nothing is rolled back, nor done ahead.
    expect(values).toEqual([
      { is: 1, was: 0 },
      { is: 3, was: 1 },
    ]);
  });
});
