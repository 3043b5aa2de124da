// scan: the accumulator.
import { describe, expect, it } from 'vitest';
import { map, scan } from '../../operators/index.js';
import { array, f64, i64, struct, text, u8, u32 } from '../../src/index.js';
import { agree, run } from './harness.js';

const Item = struct({ id: u32, v: f64, name: text, big: i64 }, 'Item');
type Item = { id: number; v: number; name: string; big: bigint };
const item = (v: number, name = ''): Item => ({ id: 1, v, name, big: BigInt(Math.trunc(v)) });
const items = [item(3), item(4, 'a'), item(-5, 'b'), item(0.5)];

describe('scan()', () => {
  it('emits the accumulator after each record, beginning with the seed', () => {
    const values = run(Item, items, (s) =>
      s.stage(scan((acc, r) => ({ n: acc.n + 1, sum: acc.sum + r.v }), { n: 0, sum: 10 })),
    );
    expect(values).toEqual([
      { n: 1, sum: 13 },
      { n: 2, sum: 17 },
      { n: 3, sum: 12 },
      { n: 4, sum: 12.5 },
    ]);
  });

  it('takes the first record for the accumulator without a seed, and emits it as it is', async () => {
    const values = await agree<Item, Item>(Item, items, (ops) =>
      ops.scan((acc: Item, r: Item) => ({ ...acc, v: acc.v + r.v, name: r.name })),
    );
    expect(values[0]).toEqual(items[0]);
  });

  it('takes the changed accumulator for the next one', async () => {
    await agree(Item, items, (ops) =>
      ops.scan(
        (acc: { max: number; names: number }, r: Item) => {
          acc.max = Math.max(acc.max, r.v);
          if (r.name !== '') acc.names += 1;
          return acc;
        },
        { max: 0, names: 0 },
      ),
    );
  });

  it('swaps fields of the accumulator, also nested ones', async () => {
    const out = struct({
      a: f64,
      b: f64,
      at: struct({ x: f64 }),
      to: struct({ x: f64 }),
      list: array(f64, 2),
    });
    const seed = { a: 1, b: 2, at: { x: 3 }, to: { x: 4 }, list: [5, 6] };
    await agree(Item, items, (ops) =>
      ops.scan(
        (acc: typeof seed, r: Item) => ({
          a: acc.b,
          b: acc.a + r.v,
          at: acc.to,
          to: { x: acc.at.x },
          list: [acc.list[1], acc.list[0]],
        }),
        seed,
        { out },
      ),
    );
    expect(seed).toEqual({ a: 1, b: 2, at: { x: 3 }, to: { x: 4 }, list: [5, 6] });
  });

  it('returns now one, now another record', async () => {
    await agree(Item, items, (ops) => ops.scan((acc: Item, r: Item) => (r.v > acc.v ? r : acc)));
    await agree(Item, items, (ops) =>
      ops.scan((acc: Item, r: Item) => (r.name > acc.name ? r : acc), item(1)),
    );
  });

  it('stores the accumulator as its out struct says, the seed first', async () => {
    const out = struct({ n: u8, big: i64, name: text });
    await agree(Item, items, (ops) =>
      ops.scan(
        (acc: { n: number; big: bigint; name: string }, r: Item) => ({
          n: acc.n - r.v,
          big: acc.big * 3n + r.big,
          name: r.name,
        }),
        { n: 300, big: 2n ** 62n, name: 'seed' },
        { out },
      ),
    );
  });

  it('has a state for each stage made of it', () => {
    const sums = scan((acc: { sum: number }, r: Item) => ({ sum: acc.sum + r.v }), { sum: 0 });
    for (let i = 0; i < 2; i++) expect(run(Item, [item(1)], (s) => s.stage(sums))).toEqual([{ sum: 1 }]);
    const twice = run(Item, [item(1), item(1)], (s) =>
      s.stage(sums).stage(
        map((r) => ({ ...r, v: r.sum })),
        scan((acc, r) => ({ sum: acc.sum + r.v }), { sum: 0 }),
      ),
    );
    expect(twice).toEqual([{ sum: 1 }, { sum: 3 }]);
  });
});
