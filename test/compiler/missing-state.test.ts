// `state.value` of a state that is not there is undefined, on both backends: it spreads to nothing, and has no fields.
// biome-ignore-all lint/suspicious/noAssignInExpressions: what people may write.
import { describe, expect, test } from 'vitest';
import { step } from '../../operators/index.js';
import { createEngine, f64, struct, text, u32, u53 } from '../../src/index.js';

const Kept = struct({ v: f64, n: u32, ts: u53 });
type Kept = { v: number; n: number; ts: number };
type Handle = { value: Kept; set(record: Kept): void; delete(): boolean };
type Run = (r: Kept, state: Handle, emit: (record: Kept) => void) => void;

/** What comes of one record, or the message of the error. */
function outcome(backend: 'js' | 'wasm', keyed: boolean, run: Run): Kept | string {
  const engine = createEngine({ placement: 'inline' });
  const source = engine.source(Kept);
  let seen: Kept | string = 'nothing';
  const key = keyed ? { key: (r: Kept) => r.n } : {};
  source.stage({ name: 's', backend }, step(run as never, { state: Kept, out: Kept, ...key })).subscribe({
    next: (record) => {
      seen = record as Kept;
    },
    error: (error: Error) => {
      seen = error.message;
    },
  });
  source.next({ v: 2, n: 1, ts: 5 });
  source.flush();
  return seen;
}

const NOTHING = { v: Number.NaN, n: 0, ts: 0 };
const failed = (what: string) => `Stage s failed in step at record 0: TypeError: Cannot ${what}`;

const cases: [title: string, run: Run, expected: Kept | string][] = [
  [
    'is spread',
    (r, state, emit) => {
      state.set(r);
      state.delete();
      emit({ ...state.value });
    },
    NOTHING,
  ],
  [
    'is spread beside fields',
    (r, state, emit) => {
      state.set(r);
      state.delete();
      emit({ ...state.value, n: 7 });
    },
    { ...NOTHING, n: 7 },
  ],
  [
    'is spread over defaults',
    (r, state, emit) => {
      state.set(r);
      state.delete();
      emit({ v: 3, n: 4, ts: 6, ...(state.value as Partial<Kept>) } as Kept);
    },
    { v: 3, n: 4, ts: 6 },
  ],
  [
    'is spread over defaults into the state',
    (r, state, emit) => {
      state.set({ ...r, v: 3, ...(state.value as {}) });
      emit(state.value);
    },
    { v: 3, n: 1, ts: 5 },
  ],
  [
    'is spread from a variable',
    (r, state, emit) => {
      state.set(r);
      state.delete();
      const kept = state.value;
      emit({ ...kept });
    },
    NOTHING,
  ],
  [
    'is read',
    (r, state, emit) => {
      state.set(r);
      state.delete();
      emit({ v: state.value.v, n: 1, ts: 2 });
    },
    failed("read properties of undefined (reading 'v')"),
  ],
  [
    'is read from a variable',
    (r, state, emit) => {
      state.set(r);
      state.delete();
      const kept = state.value;
      emit({ v: 1, n: 1, ts: kept.ts });
    },
    failed("read properties of undefined (reading 'ts')"),
  ],
  [
    'is written',
    (r, state, emit) => {
      state.set(r);
      state.delete();
      state.value.n = 3;
      emit(r);
    },
    failed("set properties of undefined (setting 'n')"),
  ],
  [
    'is changed',
    (r, state, emit) => {
      state.set(r);
      state.delete();
      state.value.n += 3;
      emit(r);
    },
    failed("read properties of undefined (reading 'n')"),
  ],
  [
    'is written what is read of it',
    (r, state, emit) => {
      state.set(r);
      state.delete();
      state.value.v = state.value.v + 1;
      emit(r);
    },
    failed("read properties of undefined (reading 'v')"),
  ],
  [
    'is written by a pattern',
    (r, state, emit) => {
      state.set(r);
      state.delete();
      [state.value.v] = [3];
      emit(r);
    },
    failed("set properties of undefined (setting 'v')"),
  ],
  [
    'is written in what is emitted',
    (r, state, emit) => {
      state.set(r);
      state.delete();
      emit({ ...r, n: (state.value.v = 3) });
    },
    failed("set properties of undefined (setting 'v')"),
  ],
];

describe.each(['js', 'wasm'] as const)('what is written to a state, on %s,', (backend) => {
  test.each<[title: string, run: Run, expected: Kept]>([
    [
      'is a value',
      (r, state, emit) => {
        state.set(r);
        const n = (state.value.v = 7.5);
        emit({ v: state.value.v, n, ts: (state.value.n = 300) });
      },
      { v: 7.5, n: 7, ts: 300 },
    ],
    [
      'is evaluated first',
      (r, state, emit) => {
        state.set(r);
        state.value.v = (state.value.n = 2) + state.value.v + (state.value.v = 1);
        emit(state.value);
      },
      { v: 5, n: 2, ts: 5 },
    ],
    [
      'is written by loops',
      (r, state, emit) => {
        state.set(r);
        for (state.value.v = 0; state.value.v < 3; state.value.v = state.value.v + 1)
          state.value.n = state.value.v;
        emit(state.value);
      },
      { v: 3, n: 2, ts: 5 },
    ],
  ])('%s', (_, run, expected) => {
    for (const keyed of [false, true]) expect(outcome(backend, keyed, run)).toEqual(expected);
  });
});

describe.each(['js', 'wasm'] as const)('on %s a deleted state', (backend) => {
  describe.each([false, true])('of a stage with keys: %s', (keyed) => {
    test.each(cases)('%s', (_, run, expected) => {
      expect(outcome(backend, keyed, run)).toEqual(expected);
    });
  });
});

test('a state that was never there is spread to nothing', () => {
  const run: Run = (r, state, emit) => emit({ ...state.value, v: r.v });
  expect(outcome('js', true, run)).toEqual({ v: 2, n: 0, ts: 0 });
});

// WebAssembly does not take these.
describe('on js a state with a text that is not there', () => {
  const Named = struct({ v: f64, name: text, at: struct({ place: text }) });
  type Named = { v: number; name: string; at: { place: string } };
  type NamedHandle = { value: Named; set(record: Named): void; exists: boolean };

  /** What comes of one record, or the message of the error. */
  function outcomeOf(run: (r: Named, state: NamedHandle, emit: (record: Named) => void) => void) {
    const engine = createEngine({ placement: 'inline' });
    const source = engine.source(Named);
    let seen: Named | string = 'nothing';
    source.stage({ name: 's' }, step(run as never, { state: Named, out: Named })).subscribe({
      next: (record) => {
        seen = record as Named;
      },
      error: (error: Error) => {
        seen = error.message;
      },
    });
    source.next({ v: 2, name: 'a', at: { place: 'b' } });
    source.flush();
    return seen;
  }

  test('is spread under all of its fields', () => {
    const seen = outcomeOf((r, state, emit) => emit({ ...state.value, v: 1, name: r.name, at: r.at }));
    expect(seen).toEqual({ v: 1, name: 'a', at: { place: 'b' } });
  });

  test('fails of the field that is evaluated, before one that could not be stored', () => {
    const seen = outcomeOf((_, state, emit) => emit({ ...state.value, at: { ...state.value.at } }));
    expect(seen).toBe(failed("read properties of undefined (reading 'at')"));
  });
});
