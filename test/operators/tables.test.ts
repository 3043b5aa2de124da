// Tables of a step: what they keep, find, visit and forget, how their keys compare, and what is refused.
import { describe, expect, it } from 'vitest';
import { map, step } from '../../operators/index.js';
import {
  bool,
  defineOperator,
  f32,
  f64,
  i8,
  i64,
  keyedTable,
  struct,
  text,
  u8,
  u32,
  u53,
  u64,
} from '../../src/index.js';
import { agree, outcome, run } from './harness.js';

const Item = struct({ id: u32, v: f64, name: text, big: u64 }, 'Item');
type Item = { id: number; v: number; name: string; big: bigint };
const item = (id: number, v: number, name = '', big = 0n): Item => ({ id, v, name, big });

const Row = struct({ id: u32, sum: f64, name: text });
const N = struct({ n: f64 });
// biome-ignore lint/suspicious/noExplicitAny: the models have other types of tables.
type Any = any;

/** Says what a step emitted for each record. */
async function numbers(records: readonly Item[], body: Any, tables: Any): Promise<number[]> {
  const values = await agree<Item, { n: number }>(Item, records, (ops) => ops.step(body, { out: N, tables }));
  return values.map(({ n }) => n);
}

describe('tables of step()', () => {
  it('keep records by key, in place', async () => {
    const tables = { rows: keyedTable({ key: u32, value: Row }) };
    const records = [item(1, 2, 'a'), item(2, 3, 'b'), item(1, 5, 'c'), item(2, 7), item(3, 1)];
    const values = await agree(Item, records, (ops) =>
      ops.step(
        (r: Item, _state: Any, emit: Any, { rows }: Any) => {
          const row = rows.get(r.id);
          if (row) {
            row.sum += r.v;
            row.name = r.name;
            emit(row);
          } else {
            rows.set(r.id, { id: r.id, sum: r.v, name: r.name });
            emit({ id: r.id, sum: -rows.size, name: 'new' });
          }
        },
        { tables },
      ),
    );
    expect(values).toEqual([
      { id: 1, sum: -1, name: 'new' },
      { id: 2, sum: -2, name: 'new' },
      { id: 1, sum: 7, name: 'c' },
      { id: 2, sum: 10, name: '' },
      { id: 3, sum: -3, name: 'new' },
    ]);
  });

  it('are several in one step, with tuples as keys, and beside a state and what using gives', async () => {
    const orders = keyedTable({ key: u64, value: struct({ price: f64, side: bool }) });
    const levels = keyedTable({ key: [bool, f64], value: struct({ total: f64, orders: u32 }) });
    const records = [1n, 2n, 3n, 1n, 2n].map((big, i) => item(i, i % 3 === 0 ? 10 : 20, '', big));
    const found = await agree(Item, records, (ops) =>
      ops.step(
        (r: Item, state: Any, emit: Any, { orders, levels, scale }: Any) => {
          const old = orders.get(r.big);
          if (old) {
            const level = levels.get([old.side, old.price]);
            if (level) {
              level.total -= 1;
              level.orders--;
              if (level.orders === 0) levels.delete([old.side, old.price]);
            }
          }
          const side = r.id % 2 === 1;
          orders.set(r.big, { price: r.v, side });
          const level = levels.get([side, r.v]);
          if (level) {
            level.total += 1;
            level.orders++;
          } else levels.set([side, r.v], { total: 1, orders: 1 });
          state.value.n += scale;
          emit({ n: levels.size * 100 + orders.size + state.value.n });
        },
        { tables: { orders, levels }, using: { scale: 1000 }, seed: { n: 0 }, state: N, out: N },
      ),
    );
    expect(found).toEqual([1101, 2202, 3303, 4303, 5203].map((n) => ({ n })));
  });

  it('have, delete and count keys', async () => {
    const records = [1, 2, 1, 1, 2, 3].map((id) => item(id, 0));
    const body = (r: Item, _state: Any, emit: Any, { seen }: Any) => {
      const had = seen.has(r.id);
      if (had) emit({ n: seen.delete(r.id) && !seen.delete(r.id) ? -seen.size : 99 });
      else {
        seen.set(r.id, { n: r.v });
        emit({ n: seen.size });
      }
    };
    const tables = { seen: keyedTable({ key: u32, value: N }) };
    expect(await numbers(records, body, tables)).toEqual([1, 2, -1, 2, -1, 2]);
  });

  it('visit records in the order in which keys came; a new key takes the place of the one deleted last', async () => {
    const records = [5, 3, 9, -3, -5, 7, 8, 6].map((v) => item(0, v));
    const body = (r: Item, _state: Any, emit: Any, { rows }: Any) => {
      if (r.v < 0) rows.delete(-r.v);
      else rows.set(r.v, { n: r.v });
      let n = 0;
      rows.forEach((row: Any, key: Any) => {
        n = n * 10 + row.n + (key - row.n);
      });
      emit({ n });
    };
    const tables = { rows: keyedTable({ key: f64, value: N }) };
    expect(await numbers(records, body, tables)).toEqual([5, 53, 539, 59, 9, 79, 789, 7896]);
  });

  it('delete what a test says, also what it says of tuples', async () => {
    const records = Array.from({ length: 40 }, (_, i) => item(i % 7, i, i % 2 ? 'odd' : 'even'));
    const body = (r: Item, _state: Any, emit: Any, { rows }: Any) => {
      rows.set([r.id, r.name], { n: r.v });
      const deleted =
        r.v % 10 === 9
          ? rows.deleteWhere((row: Any, [id, name]: Any) => name === 'odd' && row.n + id > 20)
          : 0;
      emit({ n: rows.size * 100 + deleted });
    };
    const tables = { rows: keyedTable({ key: [u32, text], value: N }) };
    expect((await numbers(records, body, tables)).filter((n) => n % 100 > 0).length).toBeGreaterThan(1);
  });

  it('may be changed while they are visited', async () => {
    const records = Array.from({ length: 30 }, (_, i) => item(i, i));
    const body = (r: Item, _state: Any, emit: Any, { rows }: Any) => {
      rows.set(r.id, { n: r.v });
      let n = 0;
      rows.forEach((row: Any, key: Any) => {
        row.n += 1;
        if (row.n > 12) rows.delete(key);
        if (row.n === 7) rows.delete((key + 1) % 30);
        n += row.n;
      });
      emit({ n });
    };
    await numbers(records, body, { rows: keyedTable({ key: u32, value: N }) });
  });

  it('give records that stay apart: the least of them is the least afterwards', async () => {
    const records = [4, 2, 9, 1, 3].map((v, id) => item(id, v));
    const body = (r: Item, _state: Any, emit: Any, { rows }: Any) => {
      rows.set(r.id, { n: r.v });
      let least: Any;
      rows.forEach((row: Any) => {
        if (least === undefined || row.n < least.n) least = row;
      });
      const first = rows.get(0);
      const same = rows.get(r.id);
      emit({ n: least.n * 100 + first.n * 10 + same.n });
    };
    const tables = { rows: keyedTable({ key: u32, value: N }) };
    expect(await numbers(records, body, tables)).toEqual([444, 242, 249, 141, 143]);
  });

  it('compare keys as their fields hold them', async () => {
    const values = [0, -0, Number.NaN, 0.1, 1.5, 257, 256, -1, 2 ** 32, 2 ** 53 - 1, 255, Number.NaN, 1];
    const records = values.map((v) => item(0, v, `${v}`, BigInt.asUintN(64, BigInt(Math.trunc(v || 0)))));
    for (const key of [i8, u8, u32, f32, f64, u53]) {
      const body = (r: Item, _state: Any, emit: Any, { rows }: Any) => {
        const had = rows.get(r.v);
        rows.set(r.v, { n: had ? had.n + 1 : 1 });
        let sum = 0;
        rows.forEach((_: Any, of: number) => {
          sum += of > 0 ? of : 0.25;
        });
        emit({ n: rows.size * 10 + rows.get(r.v).n + sum });
      };
      await numbers(records, body, { rows: keyedTable({ key, value: N }) });
    }
    const big = (r: Item, _state: Any, emit: Any, { signed, unsigned, texts }: Any) => {
      signed.set(-r.big, { n: 1 });
      unsigned.set(r.big - 1n, { n: 1 });
      texts.set(r.name, { n: 1 });
      texts.set('0.1', { n: 1 });
      let positive = 0;
      unsigned.forEach((_: Any, of: bigint) => {
        if (of > 0n) positive++;
      });
      signed.forEach((_: Any, of: bigint) => {
        if (of > 0n) positive++;
      });
      emit({ n: signed.size * 10_000 + unsigned.size * 100 + texts.size * 10 + positive });
    };
    await numbers(records, big, {
      signed: keyedTable({ key: i64, value: N }),
      unsigned: keyedTable({ key: u64, value: N }),
      texts: keyedTable({ key: text, value: N }),
    });
  });

  it('store copies, wrapped by their layout', async () => {
    const Small = struct({ n: u8, inner: struct({ x: f32 }) });
    const body = (r: Item, _state: Any, emit: Any, { rows }: Any) => {
      const record = { n: r.v, inner: { x: r.v } };
      rows.set(r.id, record);
      record.n = 0;
      const row = rows.get(r.id);
      row.inner = { x: row.inner.x + row.n };
      rows.set(r.id + 100, row);
      row.n = 1;
      emit({ n: rows.get(r.id).n * 1e6 + rows.get(r.id + 100).n + rows.get(r.id).inner.x });
    };
    const tables = { rows: keyedTable({ key: u32, value: Small }) };
    const records = [1, 300, -1, 0.1].map((v, id) => item(id, v));
    await numbers(records, body, tables);
  });

  it('are full at maxKeys, which ends the stage, and have room again after a deletion', () => {
    const build = (records: Item[]) =>
      outcome(Item, records, (s) =>
        s.stage(
          step(
            (r, _state, emit, { rows }) => {
              if (r.v < 0) rows.delete(r.id);
              else rows.set(r.id, { n: r.v });
              emit({ n: rows.size });
            },
            { out: N, tables: { rows: keyedTable({ key: u32, value: N, maxKeys: 2 }) } },
          ),
        ),
      );
    const fine = build([item(1, 1), item(2, 1), item(1, 2), item(1, -1), item(3, 1)]);
    expect(fine).toMatchObject({ values: [1, 2, 2, 1, 2].map((n) => ({ n })), error: undefined });
    const full = build([item(1, 1), item(2, 1), item(3, 1), item(4, 1)]);
    expect(full.values.length).toBe(2);
    expect(full.error).toMatchObject({ cause: { code: 'TABLE_FULL' }, operator: 'step' });
    expect(String((full.error as Error).message)).toContain('step (rows)');
  });

  it('are there for steps and functions of definitions, and each stage has its own', () => {
    const counted = defineOperator({
      name: 'counted',
      functions: { weigh: (r: Item, { rows }: Any) => r.v + rows.size },
      tables: { rows: keyedTable({ key: u32, value: N }) },
      out: N,
      step: (record: Item, _state, emit, { weigh, rows }) => {
        rows.set(record.id, { n: 1 });
        emit({ n: weigh(record) });
      },
    });
    const values = run(Item, [item(1, 10), item(2, 20), item(1, 30)], (s) =>
      s.stage(
        counted,
        map((r) => ({ id: 1, v: r.n, name: '', big: 0n }), { out: Item }),
        counted,
      ),
    );
    expect(values).toEqual([{ n: 12 }, { n: 23 }, { n: 33 }]);
  });

  it('give all their memory back', () => {
    const values = run(
      Item,
      Array.from({ length: 3000 }, (_, id) => item(id, id)),
      (s) =>
        s.stage(
          step(
            (r, _state, emit, { rows }) => {
              rows.set([r.id, r.name], { n: r.v });
              if (r.id === 2999) emit({ n: rows.deleteWhere(() => true) + rows.size });
            },
            { out: N, tables: { rows: keyedTable({ key: [u32, text], value: N }) } },
          ),
        ),
    );
    expect(values).toEqual([{ n: 3000 }]);
  });
});

describe('step() refuses', () => {
  const build =
    (body: Any, tables: Any, using = {}) =>
    () =>
      run(Item, [], (s) => s.stage(step(body, { out: N, tables, using })));
  const rows = keyedTable({ key: u32, value: N });

  it.each<[string, Any, RegExp]>([
    ['a table that is none', { rows: { key: u32, value: N } }, /rows.*not made by keyedTable/],
    ['a key of a struct', { rows: keyedTable({ key: N as Any, value: N }) }, /neither a scalar field type/],
    ['an empty tuple', { rows: keyedTable({ key: [] as Any, value: N }) }, /neither a scalar field type/],
    ['a value that is no struct', { rows: keyedTable({ key: u32, value: f64 as Any }) }, /not a struct/],
  ])('%s', (_, tables, message) => {
    const error = expect.objectContaining({
      code: 'TABLE_UNUSABLE',
      message: expect.stringMatching(message),
    });
    expect(build(() => {}, tables)).toThrowError(error);
  });

  it('a name that means something else', () => {
    expect(build(() => {}, { rows }, { rows: 1 })).toThrowError(
      expect.objectContaining({ code: 'TABLE_UNUSABLE' }),
    );
    expect(build(() => {}, { run: rows })).toThrowError(expect.objectContaining({ code: 'TABLE_UNUSABLE' }));
  });

  it('a bound out of range', () => {
    const tables = { rows: keyedTable({ key: u32, value: N, maxKeys: 0 }) };
    expect(build(() => {}, tables)).toThrowError(expect.objectContaining({ code: 'MAX_KEYS' }));
  });

  it.each<[string, Any, string]>([
    ['a key of another kind', (r: Item, _s: Any, _e: Any, { rows }: Any) => rows.get(r.name), 'KEY_UNUSABLE'],
    ['no key', (_r: Item, _s: Any, _e: Any, { rows }: Any) => rows.has(), 'KEY_UNUSABLE'],
    [
      'a tuple for a scalar',
      (r: Item, _s: Any, _e: Any, { rows }: Any) => rows.delete([r.id]),
      'KEY_UNUSABLE',
    ],
    [
      'a tuple of another length',
      (r: Item, _s: Any, _e: Any, { pairs }: Any) => pairs.get([r.id]),
      'KEY_UNUSABLE',
    ],
    ['no record', (r: Item, _s: Any, _e: Any, { rows }: Any) => rows.set(r.id, r.v), 'NOT_A_RECORD'],
    ['other fields', (r: Item, _s: Any, _e: Any, { rows }: Any) => rows.set(r.id, { m: 1 }), 'FIELDS_DIFFER'],
    [
      'fields of other kinds',
      (r: Item, _s: Any, _e: Any, { rows }: Any) => rows.set(r.id, { n: r.name }),
      'LAYOUT_MISMATCH',
    ],
    [
      'a field that is not there',
      (r: Item, _s: Any, _e: Any, { rows }: Any) => {
        rows.get(r.id).m = 1;
      },
      'FIELD_UNKNOWN',
    ],
    [
      'an operation that is not there',
      (r: Item, _s: Any, _e: Any, { rows }: Any) => rows.clear(r.id),
      'USING_MISSING',
    ],
    [
      'assigning to a table',
      (_r: Item, _s: Any, _e: Any, { rows }: Any) => {
        rows.size = 0;
      },
      'INPUT_WRITTEN',
    ],
  ])('%s', (_, body, code) => {
    const tables = { rows, pairs: keyedTable({ key: [u32, text], value: N }) };
    expect(build(body, tables)).toThrowError(expect.objectContaining({ code, frame: expect.any(String) }));
  });
});
