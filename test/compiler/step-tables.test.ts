// Tables of steps and states that are deleted: every backend does what the models do.
import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import * as operators from '../../operators/index.js';
import { bool, f64, i32, i64, keyedTable, struct, text, u8, u32 } from '../../src/index.js';
import { type KeyPart, TABLE_COUNT } from '../../src/operator/table-layout.js';
import * as models from '../models/index.js';
import { deleteCases, Item, item, N, type StepCase, tableCases } from '../operators/step-cases.js';
import { BACKENDS } from './backends.js';
import { checkTable } from './keyed-table/check-table.js';

// biome-ignore lint/suspicious/noExplicitAny: the library and the models have other types.
type Any = any;

const modelled = ({ records, run, options }: StepCase): Promise<unknown[]> =>
  lastValueFrom(from(records).pipe(models.step(run, options as Any), toArray()));

const Op = struct({ op: u8, k: f64, n: i32, t: text, g: i64 }, 'Op');
type Op = { op: number; k: number; n: number; t: string; g: bigint };
const op: fc.Arbitrary<Op> = fc.record({
  op: fc.integer({ min: 0, max: 9 }),
  k: fc.oneof(fc.integer({ min: -2, max: 6 }), fc.constantFrom(-0, Number.NaN, 0.5, Infinity, 2 ** 53)),
  n: fc.integer({ min: -3, max: 40 }),
  t: fc.constantFrom('', 'a', 'b', 'ü✓'),
  g: fc.oneof(fc.bigInt({ min: -2n, max: 2n }), fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n))),
});

/** The state's table, `rows` and `pairs`: the parts of their keys, and the words of their records. */
const SHAPES: readonly (readonly [keys: readonly KeyPart[], words: number])[] = [
  [['f64'], 1],
  [['f64'], 1],
  [['text', 'i64'], 1],
];

/** Does to its tables and its state what a record says, and says what it saw. */
const interpreter: Pick<StepCase, 'run' | 'options'> = {
  run: (r: Op, state: Any, emit: Any, { rows, pairs }: Any) => {
    let seen = 0;
    switch (r.op) {
      case 0:
      case 1:
        rows.set(r.k, { n: r.n, t: r.t });
        seen = rows.size;
        break;
      case 2: {
        const row = rows.get(r.k);
        if (row !== undefined) {
          row.n += r.n;
          seen = row.n * 2 + (row.t === r.t ? 1 : 0);
          row.t = r.t;
        }
        break;
      }
      case 3:
        seen = (rows.delete(r.k) ? 1 : 0) + (rows.has(r.k) ? 10 : 0);
        break;
      case 4:
        pairs.set([r.t, r.g], { k: r.k });
        if (pairs.size > 5)
          seen = pairs.deleteWhere((pair: Any, [t, g]: Any) => pair.k > 1 || (t === r.t && g < r.g));
        break;
      case 5:
        rows.forEach((row: Any, k: Any) => {
          seen = (seen * 7 + row.n + (k > 0 ? k % 1000 : 3)) % 100_003;
          if (row.n === r.n) pairs.set([row.t, r.g], { k });
        });
        break;
      case 6:
        seen = rows.deleteWhere((row: Any, k: Any) => row.n > r.n && (k !== r.k || rows.delete(k)));
        break;
      case 7: {
        const pair = pairs.get([r.t, r.g]);
        seen = pair === undefined ? -1 : pair.k;
        if (state.exists) seen += state.value.n;
        state.set({ n: r.n });
        break;
      }
      case 8:
        if (state.delete()) seen = 1;
        state.set({ n: r.n + (state.exists ? 100 : 0) });
        break;
      default:
        pairs.forEach((pair: Any, [t]: Any) => {
          if (t === r.t) rows.set(pair.k, { n: pairs.size, t });
        });
        seen = state.delete() ? rows.size : -rows.size;
    }
    emit({ seen, rows: rows.size, pairs: pairs.size, there: state.exists });
  },
  options: {
    out: struct({ seen: f64, rows: u32, pairs: u32, there: bool }),
    key: (r: Op) => r.n % 3,
    state: struct({ n: i32 }),
    tables: {
      rows: keyedTable({ key: f64, value: struct({ n: i32, t: text }) }),
      pairs: keyedTable({ key: [text, i64], value: struct({ k: f64 }) }),
    },
  },
};

describe.each(BACKENDS)('on the %s backend', (_, start) => {
  it('steps do to their tables what their models do, whatever they are told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 1, maxLength: 150 }), async (records) => {
        const model = models.step(interpreter.run, interpreter.options as Any);
        const expected = await lastValueFrom(from(records).pipe(model as Any, toArray()));
        const stage = start(Op, operators.step(interpreter.run, interpreter.options as Any));
        expect(stage.push(...records)).toEqual(expected);
        for (const [i, [keys, words]] of SHAPES.entries()) {
          const head = stage.tables[i] as number;
          checkTable(stage.memory, { head, parts: keys, stateWords: words, maxKeys: 1_048_576 });
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 25), verbose: 1 },
    );
  }, 120_000);

  it.each([...tableCases, ...deleteCases])('steps $title', async (given) => {
    const stage = start(Item, operators.step(given.run, given.options as Any));
    expect(stage.push(...given.records)).toEqual(await modelled(given));
  });

  it('a full table leaves the step, which goes on with the next record', () => {
    const run = (r: Item, _state: Any, emit: Any, { rows }: Any) => {
      if (r.v < 0) rows.delete(r.id);
      else rows.set(r.id, { n: r.v });
      emit({ n: rows.size });
    };
    const rows = keyedTable({ key: u32, value: N, maxKeys: 2 });
    const stage = start(Item, operators.step(run, { out: N, tables: { rows } }) as Any);
    expect(stage.push(item(1, 1), item(2, 1))).toEqual([{ n: 1 }, { n: 2 }]);
    const full = expect.objectContaining({
      code: 'TABLE_FULL',
      message: expect.stringContaining('step (rows)'),
    });
    expect(() => stage.push(item(3, 1))).toThrowError(full);
    expect(stage.push(item(2, 5), item(1, -1), item(3, 1))).toEqual([{ n: 2 }, { n: 1 }, { n: 2 }]);
    expect(stage.memory.i32[2 * (stage.tables[0] as number) + TABLE_COUNT]).toBe(2);
  });
});
