// Tables of steps and states that are deleted: every backend does what the models do.
import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import * as operators from '../../operators/index.js';
import { keyedTable, u32 } from '../../src/index.js';
import { TABLE_COUNT } from '../../src/operator/table-layout.js';
import * as models from '../models/index.js';
import { deleteCases, Item, item, N, type StepCase, tableCases } from '../operators/step-cases.js';
import { BACKENDS } from './backends.js';

// biome-ignore lint/suspicious/noExplicitAny: the library and the models have other types.
type Any = any;

const modelled = ({ records, run, options }: StepCase): Promise<unknown[]> =>
  lastValueFrom(from(records).pipe(models.step(run, options as Any), toArray()));

describe.each(BACKENDS)('on the %s backend', (_, start) => {
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
