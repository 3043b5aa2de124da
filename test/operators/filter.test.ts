// filter: what passes.
import { describe, expect, it } from 'vitest';
import { filter, map } from '../../operators/index.js';
import { f64, i64, struct, text, u32 } from '../../src/index.js';
import { agree, outcome, run } from './harness.js';

const Item = struct({ id: u32, v: f64, big: i64, name: text }, 'Item');
type Item = { id: number; v: number; big: bigint; name: string };
const item = (v: number, rest: Partial<Item> = {}): Item => ({ id: 1, v, big: 0n, name: '', ...rest });

const odd = [0, -0, Number.NaN, 1, -1, Number.NEGATIVE_INFINITY, 0.1].map((v, i) =>
  item(v, { big: BigInt(i % 2), name: i % 3 === 0 ? '' : 'x' }),
);

describe('filter()', () => {
  it('lets whole records pass, unchanged and in order', () => {
    expect(run(Item, [item(1), item(2), item(3)], (s) => s.stage(filter((r) => r.v !== 2)))).toEqual([
      item(1),
      item(3),
    ]);
  });

  it('goes by the truth of what is returned', async () => {
    await agree(Item, odd, (ops) => ops.filter((r: Item) => r.v));
    await agree(Item, odd, (ops) => ops.filter((r: Item) => r.big));
    await agree(Item, odd, (ops) => ops.filter((r: Item) => r.name));
    await agree(Item, odd, (ops) => ops.filter((r: Item) => r.v > 0 || r.name));
    await agree(Item, odd, (ops) => ops.filter(() => undefined));
    await agree(Item, odd, (ops) => ops.filter(() => true));
    await agree(Item, odd, (ops) => ops.filter((r: Item) => (r.v > 0 ? r : null)));
    await agree(Item, odd, (ops) => ops.filter((r: Item) => Number.isNaN(r.v)));
  });

  it('compares texts, with constants and with each other', async () => {
    const records = ['a', 'b', 'a', ''].map((name) => item(1, { name }));
    await agree(Item, records, (ops) => ops.filter((r: Item) => r.name === 'a'));
    await agree(Item, records, (ops) => ops.filter((r: Item) => r.name !== 'never seen'));
    await agree(Item, records, (ops) => ops.filter((r: Item) => r.name.length > 0 && r.name < 'b'));
  });

  it('emits nothing when nothing passes', () => {
    expect(run(Item, odd, (s) => s.stage(filter(() => false)))).toEqual([]);
  });

  it('keeps records from the operators after it', () => {
    const values = run(Item, [item(1), item(0), item(4)], (s) =>
      s.stage(
        filter((r) => r.v !== 0),
        map((r) => ({ part: 1 / r.v })),
      ),
    );
    expect(values).toEqual([{ part: 1 }, { part: 0.25 }]);
  });

  it('ends the stage when the predicate throws', () => {
    const { values, error } = outcome(Item, [item(1), item(2), item(3)], (s) =>
      s.stage(
        filter((r) => {
          if (r.v === 2) throw new Error('two');
          return true;
        }),
      ),
    );
    expect(values).toEqual([item(1)]);
    expect(error).toMatchObject({ operator: 'filter', sequence: 1, record: item(2) });
  });
});
