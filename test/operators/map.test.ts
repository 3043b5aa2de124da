// map: what its records become.
import { lastValueFrom, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { filter, map } from '../../operators/index.js';
import {
  array,
  bool,
  createEngine,
  f32,
  f64,
  i8,
  i53,
  i64,
  struct,
  text,
  u8,
  u16,
  u32,
  u53,
  u64,
} from '../../src/index.js';
import { agree, outcome, run } from './harness.js';

const Item = struct({ id: u32, v: f64, big: i64, name: text, ok: bool }, 'Item');
type Item = { id: number; v: number; big: bigint; name: string; ok: boolean };
const item = (v: number, rest: Partial<Item> = {}): Item => ({
  id: 1,
  v,
  big: 0n,
  name: '',
  ok: false,
  ...rest,
});

const Deep = struct({ at: struct({ x: f64, y: f64 }), list: array(f64, 3), names: array(text, 2) }, 'Deep');
const deep = { at: { x: 1, y: 2 }, list: [1, 2, 3], names: ['a', 'b'] };

/** One record that holds nothing twice. */
const odd = [
  0,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1.5,
  -1.5,
  255,
  256,
  -1,
  2 ** 31,
  2 ** 32 + 1,
  1e300,
];

describe('map()', () => {
  it('emits one record for each', () => {
    expect(run(Item, [item(1), item(2)], (s) => s.stage(map((r) => ({ twice: r.v * 2 }))))).toEqual([
      { twice: 2 },
      { twice: 4 },
    ]);
  });

  it('emits the record itself, a field of it, or a part of it', () => {
    expect(run(Item, [item(7)], (s) => s.stage(map((r) => r)))).toEqual([item(7)]);
    expect(run(Deep, [deep], (s) => s.stage(map((r) => r.at)))).toEqual([{ x: 1, y: 2 }]);
    expect(run(Deep, [deep], (s) => s.stage(map((r) => ({ to: r.at, last: r.list[2] ?? 0 }))))).toEqual([
      { to: { x: 1, y: 2 }, last: 3 },
    ]);
  });

  it('keeps what fields can hold: -0, NaN, infinities, texts, bigints', async () => {
    const values = await agree<Item, { v: number }>(
      Item,
      odd.map((v) => item(v, { name: 'ünïcode ✓', big: -(2n ** 63n), ok: true })),
      (ops) => ops.map((r: Item) => ({ v: r.v, name: r.name, big: r.big, ok: r.ok, not: !r.ok })),
    );
    expect(Object.is(values[1]?.v, -0)).toBe(true);
  });

  it.each([
    ['u8', u8],
    ['i8', i8],
    ['u16', u16],
    ['u32', u32],
    ['f32', f32],
    ['f64', f64],
    ['i53', i53],
    ['u53', u53],
  ])('stores numbers in an out struct with %s as a typed array does', async (_, type) => {
    const out = struct({ n: type });
    // i53 and u53 take whole numbers of 53 bits; beyond, no typed array says what to expect.
    const values = [i53, u53].includes(type) ? odd.filter((v) => Math.abs(v) < 2 ** 53) : odd;
    await agree(
      Item,
      values.map((v) => item(v)),
      (ops) => ops.map((r: Item) => ({ n: r.v }), { out }),
    );
  });

  it('stores bigints modulo 2^64', async () => {
    const bigs = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 12345678901234567n];
    const records = bigs.map((big) => item(Number(big), { big }));
    const out = struct({ signed: i64, unsigned: u64, some: bool });
    await agree(Item, records, (ops) =>
      ops.map((r: Item) => ({ signed: r.big * 3n, unsigned: r.big * r.big, some: r.v !== 0 }), { out }),
    );
    // Also without a struct: what is inferred is i64.
    const values = run(Item, records, (s) =>
      s.stage(map((r) => ({ sum: r.big + r.big * r.big, less: r.big - 1n }))),
    );
    const wrapped = (big: bigint) => BigInt.asIntN(64, big);
    expect(values).toEqual(bigs.map((big) => ({ sum: wrapped(big + big * big), less: wrapped(big - 1n) })));
  });

  it('takes fields in any order, spread, renamed and taken apart', async () => {
    const records = [item(3, { name: 'x' })];
    await agree(Item, records, (ops) => ops.map((r: Item) => ({ ...r, v: r.v + 1, more: r.id })));
    await agree(Item, records, (ops) => ops.map(({ v, ...rest }: Item) => ({ w: v, ...rest })));
    await agree(Item, records, (ops) => ops.map(({ v: was, id = 3 }: Item) => ({ id, was })));
    await agree(Item, records, (ops) =>
      ops.map((r: Item) => {
        const { v } = r;
        const out = { a: v, b: 0 };
        out.b = out.a * 2;
        return out;
      }),
    );
  });

  it('makes nested records and arrays', async () => {
    await agree(Item, [item(3), item(4)], (ops) =>
      ops.map((r: Item) => ({ at: { x: r.v, to: { y: r.id } }, list: [r.v, r.v * 2], pairs: [[1, r.v]] })),
    );
    await agree(Deep, [deep], (ops) =>
      ops.map((r: typeof deep) => ({
        at: { x: r.at.y, y: r.at.x },
        list: [r.list[2], r.list[0]],
        n: r.names,
      })),
    );
  });

  it('chooses between literals of the same fields', async () => {
    await agree(
      Item,
      odd.map((v) => item(v)),
      (ops) =>
        ops.map((r: Item) => {
          if (r.v > 1) return { a: r.v, b: true };
          return r.v < 0 ? { b: false, a: -r.v } : { a: 0, b: r.ok };
        }),
    );
  });

  it('leaves what subscribers were given alone', () => {
    const values = run(Item, [item(1), item(2), item(3)], (s) => s.stage(map((r) => ({ v: r.v }))));
    expect(values).toEqual([{ v: 1 }, { v: 2 }, { v: 3 }]);
    expect(new Set(values).size).toBe(3);
  });

  it('ends the stage when its function throws', () => {
    const { values, error } = outcome(Item, [item(1), item(2)], (s) =>
      s.stage(
        filter(() => true),
        map((r) => {
          if (r.v === 2) throw new RangeError('two');
          return { v: r.v };
        }),
      ),
    );
    expect(values).toEqual([{ v: 1 }]);
    expect(error).toMatchObject({
      code: 'STAGE_FAILED',
      operator: 'map',
      sequence: 1,
      cause: { name: 'RangeError' },
    });
  });

  it('refuses a scalar, and layouts that do not agree with the out struct', () => {
    const build = (project: (r: Item) => never, options?: object) => () =>
      run(Item, [], (s) => s.stage(map(project as never, options as never)));
    expect(build((r) => r.v as never)).toThrowError(expect.objectContaining({ code: 'NOT_A_RECORD' }));
    const out = struct({ n: u8, name: text });
    expect(build((r) => ({ n: r.v }) as never, { out })).toThrowError(
      expect.objectContaining({ code: 'FIELDS_DIFFER' }),
    );
    expect(build((r) => ({ n: r.name, name: '' }) as never, { out })).toThrowError(
      expect.objectContaining({ code: 'LAYOUT_MISMATCH' }),
    );
  });
});

describe('an index out of range', () => {
  it.each([
    ['written out', () => map<typeof deep, { v: number }>((r) => ({ v: r.list[3] as number }))],
    ['negative', () => map<typeof deep, { v: number }>((r) => ({ v: r.list[-1] as number }))],
    ['computed', () => map<typeof deep, { v: number }>((r) => ({ v: r.list[r.at.y + 1] as number }))],
  ] as const)('is the same error when %s', async (_, operator) => {
    const engine = createEngine({ placement: 'inline' });
    const readings = engine.source(Deep);
    const end = lastValueFrom(readings.stage(operator() as never) as Observable<unknown>);
    readings.next(deep as never);
    readings.complete();
    await expect(end).rejects.toMatchObject({ cause: { code: 'INDEX_RANGE' } });
    await engine.close();
  });
});
