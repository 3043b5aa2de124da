// distinctUntilChanged and distinctUntilKeyChanged: what counts as a change.
import { describe, expect, it } from 'vitest';
import { distinctUntilChanged, distinctUntilKeyChanged } from '../../operators/index.js';
import { array, f64, i64, struct, text, u32 } from '../../src/index.js';
import { agree, run } from './harness.js';

const Item = struct({ id: u32, v: f64, name: text, big: i64, list: array(f64, 2) }, 'Item');
const zero = { id: 1, v: 0, name: '', big: 0n, list: [0, 0] };
type Item = typeof zero;
const item = (rest: Partial<Item>): Item => ({ ...zero, ...rest });
const ofValues = (...values: number[]) => values.map((v) => item({ v }));

const odd = [
  ...ofValues(0, -0, Number.NaN, Number.NaN, 1, 1, 0),
  item({ name: 'x' }),
  item({ name: 'x' }),
  item({ name: 'y', big: 1n }),
  item({ big: 1n }),
  item({ list: [0, 1] }),
  item({ list: [0, 1] }),
];

describe('distinctUntilChanged()', () => {
  it('compares with the last one emitted, field by field with Object.is', async () => {
    expect(run(Item, ofValues(3, 3, 4), (s) => s.stage(distinctUntilChanged()))).toEqual(ofValues(3, 4));
    await agree(Item, odd, (ops) => ops.distinctUntilChanged());
    expect(
      await agree(Item, ofValues(0, -0, Number.NaN, Number.NaN), (ops) => ops.distinctUntilChanged()),
    ).toHaveLength(3);
  });

  it('asks a comparator for the last one emitted, not the last one seen', async () => {
    const drifting = ofValues(1, 1.4, 1.8, 2.2, 2.4);
    const near = (a: Item, b: Item) => Math.abs(a.v - b.v) < 0.5;
    expect(await agree(Item, drifting, (ops) => ops.distinctUntilChanged(near))).toEqual(
      ofValues(1, 1.8, 2.4),
    );
  });

  it('compares what a key selector returns', async () => {
    await agree(Item, odd, (ops) =>
      ops.distinctUntilChanged(
        (a: number, b: number) => a >= b,
        (r: Item) => r.v,
      ),
    );
    await agree(Item, odd, (ops) =>
      ops.distinctUntilChanged(
        (a: string, b: string) => a === b,
        (r: Item) => r.name,
      ),
    );
    await agree(Item, odd, (ops) =>
      ops.distinctUntilChanged(
        (a: bigint, b: bigint) => a === b,
        (r: Item) => r.big,
      ),
    );
    await agree(Item, odd, (ops) =>
      ops.distinctUntilChanged(
        (a: [number, string], b: [number, string]) => a[0] === b[0] && a[1] === b[1],
        (r: Item) => [r.v, r.name],
      ),
    );
    await agree(Item, odd, (ops) =>
      ops.distinctUntilChanged(
        (a: { v: number }, b: { v: number }) => Object.is(a.v, b.v),
        (r: Item) => ({ v: r.v, name: r.name }),
      ),
    );
    await agree(Item, odd, (ops) => ops.distinctUntilChanged(undefined, (r: Item) => r.name));
    await agree(Item, odd, (ops) => ops.distinctUntilChanged(undefined, (r: Item) => [r.v, r.big]));
  });

  it('goes by the truth of what the comparator returns', async () => {
    await agree(Item, odd, (ops) => ops.distinctUntilChanged((a: Item, b: Item) => a.v - b.v));
    await agree(Item, odd, (ops) => ops.distinctUntilChanged(() => true));
    await agree(Item, odd, (ops) => ops.distinctUntilChanged(() => false));
    await agree(Item, odd, (ops) => ops.distinctUntilChanged((a: Item, b: Item) => a.name && b.name));
  });

  it('gives the comparator what it uses', () => {
    const values = run(Item, ofValues(1, 1.4, 1.8), (s) =>
      s.stage(
        distinctUntilChanged(
          (a, b, { by }) => Math.abs(a - b) < by,
          (r) => r.v,
          { using: { by: 0.5 } },
        ),
      ),
    );
    expect(values).toEqual(ofValues(1, 1.8));
  });
});

describe('distinctUntilKeyChanged()', () => {
  it('takes the name of a field', async () => {
    const names = ['v', 'name', 'big', 'id'] as const;
    for (const name of names) await agree(Item, odd, (ops) => ops.distinctUntilKeyChanged(name));
  });

  it('takes a function that selects a scalar or a tuple', async () => {
    await agree(Item, odd, (ops) => ops.distinctUntilKeyChanged((r: Item) => r.v));
    await agree(Item, odd, (ops) => ops.distinctUntilKeyChanged((r: Item) => [r.name, r.v > 0]));
  });

  it('is about neighbours, not about keys that were ever seen', () => {
    const items = [
      item({ id: 1, v: 3 }),
      item({ id: 1, v: 4 }),
      item({ id: 2, v: 4 }),
      item({ id: 1, v: 5 }),
    ];
    expect(run(Item, items, (s) => s.stage(distinctUntilKeyChanged('id')))).toEqual([
      items[0],
      items[2],
      items[3],
    ]);
  });

  it('refuses the name of no field', () => {
    expect(() => run(Item, [], (s) => s.stage(distinctUntilKeyChanged('other' as never)))).toThrowError(
      /other/,
    );
  });
});
