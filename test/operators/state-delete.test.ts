// state.delete(): the state of a key is forgotten, and may be set again.
import { describe, expect, it } from 'vitest';
import { step } from '../../operators/index.js';
import { agree, run } from './harness.js';
import { deleteCases, Item, item, N } from './step-cases.js';

describe('state.delete()', () => {
  it.each(deleteCases)('$title', async ({ records, run, options }) => {
    expect((await agree(Item, records, (ops) => ops.step(run, options))).length).toBeGreaterThan(3);
  });

  it('makes room for other keys', () => {
    const values = run(
      Item,
      Array.from({ length: 1000 }, (_, id) => item(id, id)),
      (s) =>
        s.stage(
          step(
            (r, state, emit) => {
              state.set({ n: r.v });
              emit(state.value);
              state.delete();
            },
            { key: (r) => r.id, maxKeys: 1, state: N, out: N },
          ),
        ),
    );
    expect(values.length).toBe(1000);
  });
});
