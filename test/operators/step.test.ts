// step: a step of one's own, its state and what it emits.
import { describe, expect, it } from 'vitest';
import { map, step } from '../../operators/index.js';
import { array, f64, type State, struct, text, u8, u32 } from '../../src/index.js';
import { agree, outcome, run } from './harness.js';

const Item = struct({ id: u32, v: f64, name: text }, 'Item');
type Item = { id: number; v: number; name: string };
const item = (id: number, v: number, name = '') => ({ id, v, name });
const items = [item(1, 2, 'a'), item(2, 0), item(1, 1, 'b'), item(1, 3), item(2, 4, 'a')];

const N = struct({ n: f64 });
type N = { n: number };
type Emit<R> = (record: R) => void;

describe('step()', () => {
  it('emits none, one or many records, in order', () => {
    const values = run(Item, items.slice(0, 3), (s) =>
      s.stage(
        step(
          (r, _state, emit) => {
            for (let i = 0; i < r.v; i++) emit({ n: i });
          },
          { out: N },
        ),
      ),
    );
    expect(values).toEqual([{ n: 0 }, { n: 1 }, { n: 0 }]);
  });

  it('emits records of one layout from several places', async () => {
    await agree(Item, items, (ops) =>
      ops.step((r: Item, _state: unknown, emit: Emit<Item>) => {
        emit(r);
        if (r.v > 1) emit({ id: r.id, v: -r.v, name: 'minus' });
        emit({ ...r, name: 'again' });
      }),
    );
  });

  it('runs what follows for each record at once: what it emits may be changed afterwards', () => {
    const values = run(Item, items.slice(0, 1), (s) =>
      s.stage(
        step(
          (r, _state, emit) => {
            const out = { n: 0 };
            for (let i = 0; i < 3; i++) {
              out.n += r.v;
              emit(out);
            }
          },
          { out: N },
        ),
        map((r) => ({ twice: r.n * 2 })),
      ),
    );
    expect(values).toEqual([{ twice: 4 }, { twice: 8 }, { twice: 12 }]);
  });

  it('keeps one state for all records, or one for each key', async () => {
    const count = (_: Item, state: State<N>, emit: Emit<N>) => {
      if (!state.exists) state.set({ n: 0 });
      state.value.n += 1;
      emit(state.value);
    };
    const numbers = async (options: object) => {
      const values = await agree<Item, N>(Item, items, (ops) =>
        ops.step(count, { out: N, state: N, ...options }),
      );
      return values.map((r) => r.n);
    };
    expect(await numbers({})).toEqual([1, 2, 3, 4, 5]);
    expect(await numbers({ key: (r: Item) => r.id })).toEqual([1, 1, 2, 3, 2]);
    expect(await numbers({ key: (r: Item) => [r.id, r.name] })).toEqual([1, 1, 1, 1, 1]);
    expect(await numbers({ seed: { n: 10 } })).toEqual([11, 12, 13, 14, 15]);
  });

  it('copies what is set, and keeps nothing where nothing is set', async () => {
    await agree(Item, items, (ops) =>
      ops.step(
        (r: Item, state: State<Item>, emit: Emit<Item>) => {
          if (state.exists) emit(state.value);
          if (r.v > 1) state.set(r);
        },
        { key: (r: Item) => r.id },
      ),
    );
  });

  it('sets the state from itself', async () => {
    const Two = struct({ a: f64, b: f64, list: array(f64, 2) });
    type Two = { a: number; b: number; list: number[] };
    await agree(Item, items, (ops) =>
      ops.step(
        (r: Item, state: State<Two>, emit: Emit<Two>) => {
          const { a, b, list } = state.value;
          state.set({ a: b, b: a + r.v, list: [list[1] as number, list[0] as number] });
          emit(state.value);
          state.value.a = 100;
          state.value.list[0] = r.v;
        },
        { state: Two, out: Two, seed: { a: 1, b: 2, list: [3, 4] } },
      ),
    );
  });

  it('stores state and output as their structs say', async () => {
    const Small = struct({ n: u8 });
    await agree(Item, items, (ops) =>
      ops.step(
        (r: Item, state: State<N>, emit: Emit<N>) => {
          state.value.n += 100 + r.v;
          emit({ n: state.value.n * 2 });
        },
        { state: Small, out: Small, seed: { n: 250.7 } },
      ),
    );
  });

  it('keeps what it emitted and stored before it threw', () => {
    const { values } = outcome(Item, items, (s) =>
      s.stage(
        { onError: 'skip' },
        step(
          (r, state, emit) => {
            state.value.n++;
            emit({ n: state.value.n });
            if (r.v === 0) throw new Error('zero');
            emit({ n: -state.value.n });
          },
          { state: N, out: N, seed: { n: 0 } },
        ),
      ),
    );
    expect(values.map((r) => r.n)).toEqual([1, -1, 2, 3, -3, 4, -4, 5, -5]);
  });

  it('refuses a step that never emits, unless its layout is declared', () => {
    const build = (options: object) => () =>
      run(Item, items, (s) => s.stage(step((r: Item, state: State<N>) => state.set({ n: r.v }), options)));
    expect(build({})).toThrowError(expect.objectContaining({ code: 'NOTHING_EMITTED' }));
    expect(build({ out: N })()).toEqual([]);
  });
});
