// Keys, the same for all operators that have them: which are equal, and how many there may be.
import { describe, expect, it } from 'vitest';
import { dedupBy, delta, pairwiseBy, stateful, step } from '../../operators/index.js';
import {
  bool,
  f64,
  i8,
  i53,
  i64,
  type Key,
  type Source,
  type Stage,
  struct,
  text,
  u32,
  u64,
} from '../../src/index.js';
import { agree, outcome } from './harness.js';

const Item = struct({ f: f64, u: u32, s: i8, w: i53, i: i64, j: u64, ok: bool, name: text }, 'Item');
const zero = { f: 0, u: 0, s: 0, w: 0, i: 0n, j: 0n, ok: false, name: '' };
type Item = typeof zero;
const item = (rest: Partial<Item>): Item => ({ ...zero, ...rest });

const kinds: Record<string, [key: (r: Item) => Key, items: Item[]]> = {
  'numbers: NaN equals NaN, -0 equals 0': [
    (r) => r.f,
    [0, -0, Number.NaN, 1, Number.NaN, -1, 1, 2 ** 53, 2 ** 53 + 2, 0.1 + 0.2, 0.3, 0].map((f) =>
      item({ f }),
    ),
  ],
  'numbers of 32 bits': [(r) => r.u, [0, 1, 2 ** 31, 2 ** 32 - 1, 1, 2 ** 31].map((u) => item({ u }))],
  'small and negative numbers': [(r) => r.s, [0, -1, -128, 127, -1].map((s) => item({ s }))],
  'numbers of 53 bits': [
    (r) => r.w,
    [2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 32, -(2 ** 32), 0, 2 ** 32].map((w) => item({ w })),
  ],
  'numbers of different fields are one kind': [
    (r) => (r.ok ? r.u : r.s),
    [item({ ok: true, u: 1 }), item({ s: 1 }), item({ ok: true, u: 255 }), item({ s: -1 })],
  ],
  'computed numbers': [
    (r) => Math.floor(r.f / 2),
    [0, 1, 2, 3, -1, Number.NaN, -0.5].map((f) => item({ f })),
  ],
  bigints: [(r) => r.i, [0n, 1n, -1n, 2n ** 62n, -(2n ** 63n), 1n, 2n ** 62n].map((i) => item({ i }))],
  'unsigned bigints': [(r) => r.j, [0n, 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 63n].map((j) => item({ j }))],
  'signed and unsigned bigints in tuples': [
    (r) => [r.i, r.j],
    [item({ i: -1n }), item({ j: 2n ** 64n - 1n }), item({ i: -1n, j: 2n ** 64n - 1n }), item({ i: -1n })],
  ],
  booleans: [(r) => r.ok, [true, false, true, true].map((ok) => item({ ok }))],
  comparisons: [(r) => r.f > 1, [1, 2, 3, Number.NaN].map((f) => item({ f }))],
  texts: [(r) => r.name, ['', 'a', 'b', 'a', 'ünï', 'a ', ''].map((name) => item({ name }))],
  'tuples by their parts': [
    (r) => [r.f, r.name, r.ok],
    [
      item({ f: Number.NaN, name: 'a' }),
      item({ f: Number.NaN, name: 'a', ok: true }),
      item({ f: -0, name: 'a' }),
      item({ f: 0, name: 'a' }),
      item({ f: Number.NaN, name: 'a' }),
    ],
  ],
  'a tuple of one': [(r) => [r.f], [1, 2, 1].map((f) => item({ f }))],
  'constant keys': [() => 'all', [1, 2].map((f) => item({ f }))],
};

describe('keys', () => {
  it.each(Object.entries(kinds))('%s', async (_, [key, items]) => {
    const records = [...items, ...[...items].reverse()];
    await agree(Item, records, (ops) =>
      ops.stateful(
        key,
        () => ({ n: 1 }),
        (state: { n: number }) => {
          state.n++;
        },
      ),
    );
    await agree(Item, records, (ops) => ops.pairwiseBy(key));
  });
});

describe('keys of several kinds', () => {
  const mixed: Record<string, (r: Item) => Key> = {
    'a bigint or a number': (r) => (r.ok ? r.i : r.f),
    'a boolean or a number': (r) => (r.f > 1 ? r.ok : r.f),
    'a text or a number': (r) => (r.ok ? r.name : r.f),
    'a signed or an unsigned bigint': (r) => (r.ok ? r.i : r.j),
    'a tuple or a scalar': (r) => (r.ok ? [r.f, r.u] : r.f),
    'tuples of different lengths': (r) => (r.ok ? [r.f, r.u] : [r.f]),
  };

  it.each(Object.entries(mixed))('are refused: %s', (_, key) => {
    expect(() => outcome(Item, [], (s) => s.stage(dedupBy(key)))).toThrowError(
      expect.objectContaining({ code: 'KEY_UNUSABLE' }),
    );
  });
});

describe('maxKeys', () => {
  const operators: [name: string, build: (s: Source<Item>) => Stage<unknown>][] = [
    [
      'stateful',
      (s) =>
        s.stage(
          stateful(
            (r) => r.f,
            () => ({ n: 0 }),
            () => {},
            { maxKeys: 3 },
          ),
        ),
    ],
    [
      'delta',
      (s) =>
        s.stage(
          delta(
            (r) => r.f,
            (r) => ({ v: r.f }),
            { maxKeys: 3 },
          ),
        ),
    ],
    ['dedupBy', (s) => s.stage(dedupBy((r) => r.f, { maxKeys: 3 }))],
    [
      'dedupBy',
      (s) =>
        s.stage(
          dedupBy(
            (r) => r.f,
            (r) => r.u,
            { maxKeys: 3 },
          ),
        ),
    ],
    ['pairwiseBy', (s) => s.stage(pairwiseBy((r) => [r.f, r.name], { maxKeys: 3 }))],
    ['step', (s) => s.stage(step((r, state) => state.set(r), { key: (r) => r.f, maxKeys: 3, out: Item }))],
  ];

  it.each(operators)('%s fails at one key more, and says so', (name, build) => {
    const full = [0, 1, Number.NaN, -0, 1].map((f) => item({ f }));
    expect(outcome(Item, full, build).error).toBeUndefined();
    const { error } = outcome(Item, [...full, item({ f: 2 })], build);
    expect(error).toMatchObject({ code: 'STAGE_FAILED', operator: name, sequence: 5, record: { f: 2 } });
    expect((error as Error).message).toContain(name);
    expect((error as Error).message).toMatch(/maxKeys.*\b3\b|\b3\b.*maxKeys/);
    expect((error as Error).cause).toMatchObject({ name: 'RangeError' });
  });

  it('goes on with the keys it has', () => {
    const records = [0, 1, 2, 3, 1].map((f) => item({ f }));
    const { values, error } = outcome(Item, records, (s) =>
      s.stage(
        { onError: 'skip' },
        stateful(
          (r) => r.f,
          () => ({ n: 1 }),
          (state) => {
            state.n++;
          },
          { maxKeys: 3 },
        ),
      ),
    );
    expect(error).toBeUndefined();
    expect(values.map((r) => r.n)).toEqual([1, 1, 1, 2]);
  });

  it.each([0, -1, 1.5, 2 ** 28 + 1, Number.NaN, '3'])('refuses %s', (maxKeys) => {
    expect(() =>
      outcome(Item, [], (s) => s.stage(dedupBy((r) => r.f, { maxKeys: maxKeys as number }))),
    ).toThrowError(
      expect.objectContaining({ code: 'MAX_KEYS', message: expect.stringContaining('dedupBy') }),
    );
  });
});
