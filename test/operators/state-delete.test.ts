// state.delete(): the state of a key is forgotten, and may be set again.
import { describe, expect, it } from 'vitest';
import { step } from '../../operators/index.js';
import { f64, struct, text, u32 } from '../../src/index.js';
import { agree, run } from './harness.js';

const Item = struct({ id: u32, v: f64, name: text }, 'Item');
type Item = { id: number; v: number; name: string };
const item = (id: number, v: number, name = ''): Item => ({ id, v, name });
const N = struct({ n: f64 });
// biome-ignore lint/suspicious/noExplicitAny: the models have other types of states.
type Any = any;

describe('state.delete()', () => {
  const records = [1, 2, 1, 1, 2, 3, 1, 2, 3, 3].map((id, i) => item(id, i));
  const body = (r: Item, state: Any, emit: Any) => {
    if (!state.exists) state.set({ n: r.v });
    else if (state.value.n < 3) {
      const { n } = state.value;
      emit({ n: n + (state.delete() ? 100 : 200) + (state.exists ? 1000 : 0) + (state.value ? 5000 : 0) });
      if (r.v === 4) state.set({ n: 50 });
    } else {
      state.value.n += 1;
      emit({ n: state.value.n });
      if (r.v === 9 && state.delete() && !state.delete()) emit({ n: -1 });
    }
  };

  it.each([
    ['of one key', { key: (r: Item) => r.id }],
    ['of a tuple', { key: (r: Item) => [r.id, r.name] }],
    ['of all records', {}],
    ['of all records, with a seed', { seed: { n: 1 } }],
  ])('forgets the state %s, which may be set again', async (_, options) => {
    await agree(Item, records, (ops) => ops.step(body, { out: N, state: N, ...options }));
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
