// Tables of a step: what they keep, find, visit and forget, how their keys compare, and what is refused.
import { describe, expect, it } from 'vitest';
import { map, step } from '../../operators/index.js';
import { defineOperator, f64, keyedTable, text, u32 } from '../../src/index.js';
import { agree, outcome, run } from './harness.js';
import { Item, item, N, tableCases } from './step-cases.js';

// biome-ignore lint/suspicious/noExplicitAny: steps that are refused have other types.
type Any = any;

describe('tables of step()', () => {
  it.each(tableCases)('$title', async ({ records, run, options, expected }) => {
    const values = await agree(Item, records, (ops) => ops.step(run, options));
    if (expected !== undefined) expect(values).toEqual(expected);
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

  it('store nothing at all of what is no record, not even the key', () => {
    const { values, error } = outcome(Item, [item(1, 1), item(2, 0), item(3, 1)], (s) =>
      s.stage(
        { onError: 'skip' },
        step(
          (r, state, emit, { rows }) => {
            emit({ n: rows.size + (state.exists ? 100 : 0) });
            rows.set(r.id, (r.v ? { n: 1 } : rows.get(99)) as { n: number });
            state.set((r.v > 2 ? { n: 1 } : rows.get(99)) as { n: number });
          },
          { out: N, state: N, tables: { rows: keyedTable({ key: u32, value: N }) } },
        ),
      ),
    );
    expect({ values, error }).toEqual({ values: [{ n: 0 }, { n: 1 }, { n: 1 }], error: undefined });
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
