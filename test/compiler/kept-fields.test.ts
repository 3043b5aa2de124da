// A state that holds copies of records has the fields that functions read, and no others.
// biome-ignore-all lint/suspicious/noExplicitAny: operators over any records.
import { describe, expect, it } from 'vitest';
import * as op from '../../operators/index.js';
import { defineOperator } from '../../src/operator/index.js';
import { f64, struct, text, u32 } from '../../src/schema/index.js';
import { type AnyFused, compile } from './stage-kit.js';

type Any = any;
const Point = struct({ x: f64, y: f64 }, 'Point');
const Reading = struct({ id: u32, a: f64, b: f64, name: text, at: Point }, 'Reading');
const ALL = ['id', 'a', 'b', 'name', 'at'];

/** The fields that an operator keeps of a reading. */
function kept(operator: AnyFused): string[] {
  return Object.keys(compile(Reading, operator).operators[0]?.state?.fields ?? {});
}

const compare = (fn: (curr: Any, prev: Any, using: Any) => Any, using: Any = {}): AnyFused =>
  op.delta((r: Any) => r.id, fn, { using } as Any);

const cases: readonly (readonly [title: string, operator: () => AnyFused, fields: string[]])[] = [
  ['what is read by name', () => compare((c, p) => p && c.a > p.a && { v: p.b }), ['a', 'b']],
  ['what is read of nested records, whole', () => compare((c, p) => p && { v: c.at.x - p.at.x }), ['at']],
  ['what an optional chain reads', () => compare((c, p) => ({ v: p?.a ?? c.a })), ['a']],
  [
    'what is taken apart',
    () => compare((_, p) => p && (({ b, at: { x } }: Any) => ({ b, x }))(p)),
    ['b', 'at'],
  ],
  [
    'what is read by another name',
    () =>
      compare((c, p) => {
        const before = p ?? c;
        let it = before;
        if (c.a > 1) it = c;
        return { v: it.name === 'x', w: it['b'] };
      }),
    ['b', 'name'],
  ],
  [
    'what functions of `using` read',
    () =>
      compare((c, p, { rises }) => p && rises(c, p) && { v: 1 }, { rises: (c: Any, p: Any) => c.b > p.b }),
    ['b'],
  ],
  ['the smallest field where only its presence counts', () => compare((c, p) => !p && { v: c.a }), ['id']],
  ['all where it is spread', () => compare((_, p) => p && { ...p }), ALL],
  ['all where it is handed on', () => compare((c, p) => p && { prev: p, v: c.a }), ALL],
  ['all where it is returned', () => compare((_, p) => p), ALL],
  [
    'all where the rest is taken',
    () => compare((_, p) => p && (({ a, ...rest }: Any) => ({ a, b: rest.b ?? 0 }))(p)),
    ALL,
  ],
  ['all where it is in an array', () => compare((c, p) => p && { v: [c, p].map((r: Any) => r.a)[0] }), ALL],
  [
    'all where a field is read by a name that is computed',
    () => compare((c, p) => p && { v: Number(p[c.a > 1 ? 'a' : 'b']) }),
    ALL,
  ],
  ['all where JavaScript sees it', () => compare((c, p) => p && JSON.stringify(p) !== '' && { v: c.a }), ALL],
  ['all that is compared', () => op.dedupBy((r: Any) => r.id), ALL],
  ['all that is emitted', () => op.scan((acc: Any, r: Any) => (r.a > acc.a ? r : acc)), ALL],
  [
    'all that is declared',
    () =>
      defineOperator<Any, Any, Any>({
        name: 'own',
        state: Reading,
        step: (record, state, emit) => {
          if (state.exists) emit({ v: state.value.a });
          state.set(record);
        },
      }),
    ALL,
  ],
  [
    'all that a literal has',
    () =>
      op.step((r: Any, state: Any, emit: Any) => {
        if (state.exists) emit({ v: state.value.p });
        state.set({ p: r.a, q: r.b });
      }),
    ['p', 'q'],
  ],
];

describe('a state keeps', () => {
  it.each(cases)('%s', (_, operator, fields) => {
    expect(kept(operator())).toEqual(fields);
  });
});
