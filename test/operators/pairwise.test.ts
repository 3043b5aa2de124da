// pairwise and pairwiseBy: each record with the one before.
import { describe, expect, it } from 'vitest';
import { filter, map, pairwise, pairwiseBy } from '../../operators/index.js';
import { array, f64, struct, text, u32 } from '../../src/index.js';
import { agree, run } from './harness.js';

const Item = struct({ id: u32, v: f64, name: text, list: array(f64, 2), at: struct({ x: f64 }) }, 'Item');
const item = (id: number, v: number) => ({ id, v, name: `n${v}`, list: [v, -v], at: { x: v } });
type Item = ReturnType<typeof item>;
const items = [item(1, 1), item(2, 2), item(1, 3), item(1, Number.NaN), item(2, -0)];

describe('pairwise()', () => {
  it('emits each record with the one before it, from the second on', () => {
    expect(run(Item, items.slice(0, 3), (s) => s.stage(pairwise()))).toEqual([
      { prev: items[0], curr: items[1] },
      { prev: items[1], curr: items[2] },
    ]);
    expect(run(Item, items.slice(0, 1), (s) => s.stage(pairwise()))).toEqual([]);
  });

  it('nests: pairs of pairs', async () => {
    await agree(Item, items, (ops) => ops.pairwise());
    const pairs = run(Item, items.slice(0, 3), (s) => s.stage(pairwise(), pairwise()));
    expect(pairs).toEqual([
      { prev: { prev: items[0], curr: items[1] }, curr: { prev: items[1], curr: items[2] } },
    ]);
  });

  it('keeps the record before as it was', () => {
    const changes = run(Item, items.slice(0, 3), (s) =>
      s.stage(
        pairwise(),
        map(({ prev, curr }) => ({ change: curr.v - prev.v, was: prev.name, last: prev.list[1] ?? 0 })),
        filter((r) => r.change > 0),
      ),
    );
    expect(changes).toEqual([
      { change: 1, was: 'n1', last: -1 },
      { change: 1, was: 'n2', last: -2 },
    ]);
  });
});

describe('pairwiseBy()', () => {
  it('emits each record with the one before it of its key', async () => {
    const pairs = await agree(Item, items, (ops) => ops.pairwiseBy((r: Item) => r.id));
    expect(pairs).toEqual([
      { prev: items[0], curr: items[2] },
      { prev: items[2], curr: items[3] },
      { prev: items[1], curr: items[4] },
    ]);
  });

  it('is pairwise() where all have one key', () => {
    const all = run(Item, items, (s) => s.stage(pairwise()));
    expect(run(Item, items, (s) => s.stage(pairwiseBy(() => 1)))).toEqual(all);
    expect(run(Item, items, (s) => s.stage(pairwiseBy((r) => r.v)))).toEqual([]);
  });
});
