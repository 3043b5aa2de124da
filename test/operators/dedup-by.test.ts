// dedupBy: what counts as a repetition.
import { describe, expect, it } from 'vitest';
import { dedupBy } from '../../operators/index.js';
import { array, bool, f32, f64, i64, struct, text, u32 } from '../../src/index.js';
import { agree, run } from './harness.js';

const Item = struct(
  { id: u32, v: f64, s: f32, name: text, big: i64, ok: bool, at: struct({ x: f64 }), list: array(f64, 2) },
  'Item',
);
type Item = typeof zero;
const zero = { id: 1, v: 0, s: 0, name: '', big: 0n, ok: false, at: { x: 0 }, list: [0, 0] };
const item = (rest: Partial<Item>): Item => ({ ...zero, ...rest });

const odd = [
  item({ v: 0 }),
  item({ v: -0 }),
  item({ v: -0 }),
  item({ v: Number.NaN }),
  item({ v: Number.NaN, s: Number.NaN }),
  item({ v: Number.NaN, s: Number.NaN }),
  item({ name: 'x' }),
  item({ name: 'x' }),
  item({ name: 'y', big: 1n }),
  item({ name: 'y', big: -1n }),
  item({ ok: true }),
  item({ at: { x: 1 } }),
  item({ at: { x: 1 } }),
  item({ at: { x: -0 } }),
  item({ list: [0, 1] }),
  item({ list: [0, 1] }),
  item({ list: [-0, 1] }),
  item({}),
];

describe('dedupBy()', () => {
  it('drops a record equal to the last of its key', () => {
    const items = [
      item({ id: 1, v: 3 }),
      item({ id: 2, v: 3 }),
      item({ id: 1, v: 3 }),
      item({ id: 1, v: 4 }),
    ];
    expect(run(Item, items, (s) => s.stage(dedupBy((r) => r.id)))).toEqual([items[0], items[1], items[3]]);
  });

  it('compares field by field with Object.is: -0 is not 0, NaN is NaN', async () => {
    expect(await agree(Item, odd, (ops) => ops.dedupBy((r: Item) => r.id))).toHaveLength(13);
  });

  it('compares with the last record of the key, dropped or not: a repetition is never far', async () => {
    const items = [1, 1, 2, 2, 1, 1].map((v) => item({ v }));
    expect(await agree(Item, items, (ops) => ops.dedupBy((r: Item) => r.id))).toHaveLength(3);
  });

  it.each<[what: string, select: (r: Item) => unknown]>([
    ['a number', (r) => r.v],
    ['a computed number', (r) => Math.abs(r.v) * 2],
    ['a text', (r) => r.name],
    ['a bigint', (r) => r.big],
    ['a boolean', (r) => r.ok],
    ['a tuple', (r) => [r.v, r.name, r.big, r.ok]],
    ['a record', (r) => ({ v: r.v, name: r.name })],
    ['a part of the record', (r) => r.at],
    ['the record itself', (r) => r],
    ['a comparison', (r) => r.v > 0],
    ['a constant', () => 1],
  ])('compares what was selected: %s', async (_, select) => {
    // Functions get to the operators and the models as they are written here.
    await agree(Item, odd, (ops) => ops.dedupBy((r: Item) => r.id, select));
  });

  it('emits the whole record whatever was selected', () => {
    const items = [item({ v: 1.2, name: 'a' }), item({ v: 1.4, name: 'b' }), item({ v: 2.1, name: 'c' })];
    const values = run(Item, items, (s) =>
      s.stage(
        dedupBy(
          (r) => r.id,
          (r) => Math.floor(r.v),
        ),
      ),
    );
    expect(values).toEqual([items[0], items[2]]);
  });
});
