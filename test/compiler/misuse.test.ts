// Functions that can't be taken in are refused with what is wrong, where, and what to write instead.
import { describe, expect, it } from 'vitest';
import * as op from '../../operators/index.js';
import { withUsing } from '../../src/operator/index.js';
import { array, f64, i64, struct, text, u32, u53, u64 } from '../../src/schema/index.js';
import { type AnyFused, refusal, through } from './stage-kit.js';

const Point = struct({ x: f64 });
const Reading = struct(
  { id: u32, value: f64, ts: u53, name: text, a: i64, b: u64, samples: array(f64, 3), pos: Point },
  'Reading',
);
// biome-ignore lint/suspicious/noExplicitAny: what is refused has no types to speak of.
type Any = any;

/** A function from its source text, so that no build tool has touched it. */
const fn = (source: string): Any => new Function(`return ${source}`)();

const cases: [title: string, make: () => AnyFused, code: string, says: string[]][] = [
  ['a native function', () => op.filter(Math.abs as Any), 'FUNCTION_REFUSED', ['native code']],
  [
    'a bound function',
    () => op.filter(fn('function (r) { return r.ok; }').bind(null)),
    'FUNCTION_REFUSED',
    ['bound'],
  ],
  ['an async function', () => op.map(fn('async (r) => ({ v: 1 })')), 'FUNCTION_REFUSED', ['async']],
  ['a generator', () => op.map(fn('function* (r) { yield 1; }')), 'FUNCTION_REFUSED', ['generator']],
  ['an async method', () => op.map(fn('({ async f(r) {} }).f')), 'FUNCTION_REFUSED', ['async']],
  ['a class', () => op.map(fn('class {}')), 'FUNCTION_REFUSED', ['class']],
  [
    'this',
    () => op.map(fn('function (r) { return { v: this.x }; }')),
    'FUNCTION_REFUSED',
    ['`this`', '^^^^'],
  ],
  [
    'this in an arrow within',
    () => op.map(fn('(r) => ({ v: (() => this.x)() })')),
    'FUNCTION_REFUSED',
    ['`this`'],
  ],
  [
    'arguments',
    () => op.map(fn('function (r) { return { v: arguments.length }; }')),
    'FUNCTION_REFUSED',
    ['`arguments`'],
  ],
  ['a dynamic import', () => op.tap(fn("(r) => { import('fs'); }")), 'FUNCTION_REFUSED', ['`import`']],
  [
    'a global of its thread',
    () => op.tap(fn('(r) => { setTimeout(() => {}, 1); }')),
    'UNKNOWN_GLOBAL',
    ['setTimeout'],
  ],
  ['coverage counters', () => op.tap(fn('(r) => { cov_1ab2().f[0]++; }')), 'UNKNOWN_GLOBAL', ['istanbul']],
  ['helpers of old targets', () => op.map(fn('(r) => __spreadValues({}, r)')), 'UNKNOWN_GLOBAL', ['ES2020']],
  [
    'a write to a captured variable',
    () => op.tap(fn('(r) => { counter++; }')),
    'CAPTURED_WRITE',
    ['counter', 'scan'],
  ],
  [
    'a number where a record is expected',
    () => op.map(fn('(r) => r.value * 2')),
    'NOT_A_RECORD',
    ['({ value: r.value * 2 })', 'project of map in stage test'],
  ],
  [
    'a truth value where a record is expected',
    () => op.delta(fn('(s) => s.id'), fn('(c, p) => p && c.value > p.value')),
    'NOT_A_RECORD',
    ['&& ({ … })'],
  ],
  [
    'a misspelt field',
    () => op.map(fn('(r) => ({ v: r.vlaue })')),
    'FIELD_UNKNOWN',
    ['vlaue', 'id, value, ts'],
  ],
  [
    'a misspelt field of the state',
    () => op.stateful(fn('(r) => r.id'), fn('() => ({ n: 0 })'), fn('(s) => { s.m += 1; }')),
    'FIELD_UNKNOWN',
    ['it has n'],
  ],
  [
    'a write to the record',
    () => op.map(fn('(r) => { r.value *= 2; return r; }')),
    'INPUT_WRITTEN',
    ['value of the record'],
  ],
  [
    'a write to an array of the record',
    () => op.tap(fn('(r) => { r.samples[0] = 1; }')),
    'INPUT_WRITTEN',
    ['samples'],
  ],
  [
    'sorting an array of the record',
    () => op.tap(fn('(r) => { r.samples.sort(); }')),
    'INPUT_WRITTEN',
    ['samples'],
  ],
  [
    'a write to a table',
    () => op.tap(fn('(r, { t }) => { t[0] = 1; }'), { using: { t: [1] } }),
    'INPUT_WRITTEN',
    ['table t'],
  ],
  [
    'an optional field',
    () => op.map(fn('(r) => ({ v: r.id > 1 ? r.value : undefined })')),
    'LAYOUT_UNSETTLED',
    ['optional', '?? 0'],
  ],
  [
    'i64 with u64',
    () => op.map(fn('(r) => ({ v: r.id > 1 ? r.a : r.b })')),
    'LAYOUT_UNSETTLED',
    ['i64 and u64'],
  ],
  ['a bare bigint', () => op.map(fn('(r) => ({ v: 1n })')), 'LAYOUT_UNSETTLED', ['BigInt.asIntN']],
  [
    'a number or a boolean',
    () => op.map(fn('(r) => ({ v: r.id > 1 ? 1 : false })')),
    'LAYOUT_UNSETTLED',
    ['Boolean'],
  ],
  [
    'a computed string',
    () => op.map(fn('(r) => ({ v: r.name + "!" })')),
    'LAYOUT_UNSETTLED',
    ['computed string'],
  ],
  [
    'an opaque value',
    () => op.map(fn('(r) => ({ v: JSON.parse(r.name).x })')),
    'LAYOUT_UNSETTLED',
    ['JSON.parse'],
  ],
  [
    'an array of varying length',
    () => op.map(fn('(r) => { const xs = []; for (let i = 0; i < r.id; i++) xs.push(i); return { xs }; }')),
    'LAYOUT_UNSETTLED',
    ['varying'],
  ],
  [
    'different fields',
    () => op.map(fn('(r) => (r.id ? { a: 1, b: 2 } : { a: 1 })')),
    'FIELDS_DIFFER',
    ['field b is missing'],
  ],
  [
    'a field added later',
    () => op.map(fn('(r) => { const o = { a: 1 }; if (r.id) o.b = 2; return o; }')),
    'FIELDS_DIFFER',
    ['field b is added'],
  ],
  ['a bigint times a number', () => op.map(fn('(r) => ({ v: r.a * 2 })')), 'BIGINT_MIXED', ['bigint']],
  ['a record as key', () => op.pairwiseBy(fn('(r) => r.pos')), 'KEY_UNUSABLE', ['[r.a, r.b]']],
  ['a computed string as key', () => op.pairwiseBy(fn('(r) => r.name + r.id')), 'KEY_UNUSABLE', ['tuple']],
  ['an unknown key', () => op.pairwiseBy(fn('(r) => JSON.parse(r.name)')), 'KEY_UNUSABLE', ['Number(…)']],
  ['no key', () => op.pairwiseBy(fn('(r) => { r.id; }')), 'KEY_UNUSABLE', ['undefined']],
  [
    'a Date in using',
    () => op.filter(fn('(r, { d }) => d > 1'), { using: { d: new Date() } }),
    'USING_UNUSABLE',
    ['d', 'instance of Date'],
  ],
  [
    'a function in a table',
    () => op.filter(fn('(r, { d }) => d'), { using: { d: [() => 1] } }),
    'USING_UNUSABLE',
    ['d[0]'],
  ],
  [
    'a name that using lacks',
    () => op.filter(fn('(r, { limt }) => r.value > limt'), { using: { limit: 1 } }),
    'USING_MISSING',
    ['limt', 'limit'],
  ],
  ['an index parameter', () => op.map(fn('(r, i) => ({ i })')), 'PARAMETER_UNFILLED', ['parameter i']],
  ['nothing emitted', () => op.map(fn('(r) => null')), 'NOTHING_EMITTED', ['never emits']],
  [
    'a text where a number is declared',
    () => op.map(fn('(r) => ({ v: r.name })'), { out: struct({ v: f64 }) } as Any),
    'LAYOUT_MISMATCH',
    ['declared as f64'],
  ],
  [
    'a declared field that is missing',
    () => op.map(fn('(r) => ({ v: 1 })'), { out: struct({ v: f64, w: f64 }) } as Any),
    'FIELDS_DIFFER',
    ['w is missing'],
  ],
  [
    'a field that is not declared',
    () => op.map(fn('(r) => ({ v: 1, w: 1 })'), { out: struct({ v: f64 }) } as Any),
    'FIELDS_DIFFER',
    ['w is not declared'],
  ],
  [
    'an assignment to state.value',
    () => op.step(fn('(r, state, emit) => { state.value = { n: 1 }; emit(r); }')),
    'INPUT_WRITTEN',
    ['state.set'],
  ],
  ['no keys at all', () => op.pairwiseBy(fn('(r) => r.id'), { maxKeys: 0 }), 'MAX_KEYS', ['maxKeys is 0']],
  [
    'records of another layout',
    () => ({ kind: 'fused', operators: [{ ...(op.pairwise().operators[0] as Any), input: Point }] }),
    'LAYOUTS_DIFFER',
    ['x: f64'],
  ],
];

describe('compileStage() refuses', () => {
  for (const [title, make, code, says] of cases) {
    it(title, () => {
      const error = refusal(Reading, make());
      expect(error['code']).toBe(code);
      expect(error['stage']).toBe('test');
      for (const part of says) expect(error.message).toContain(part);
    });
  }

  it('captured variables, with the corrected call', () => {
    const delta = op.delta(
      fn('(s) => [s.id, s.ts - offset]'),
      fn('(curr, prev) =>\n  prev && curr.value > limit && { id: curr.id }'),
    );
    const error = refusal(Reading, delta);
    expect(error['code']).toBe('CAPTURED_VARIABLE');
    expect(error['variable']).toBe('offset');
    expect(error['function']).toBe('key');
    expect(error['frame']).toBe('> 1 | (s) => [s.id, s.ts - offset]\n    |                      ^^^^^^');
    expect(error.message).toContain(
      [
        'delta(',
        '  (s, { offset }) => [s.id, s.ts - offset],',
        '  (curr, prev, { limit }) =>',
        '    prev && curr.value > limit && { id: curr.id },',
        '  { using: { offset, limit } },',
        ')',
      ].join('\n'),
    );
  });

  it('captured variables, and what it says to write works', () => {
    const sources = [
      ['(r) => r.value > limit', 'filter((r, { limit }) => r.value > limit, { using: { limit } })'],
      ['r => r.value > limit', 'filter((r, { limit }) => r.value > limit, { using: { limit } })'],
      ['(r, u) => r.value > limit', 'filter((r, u) => r.value > u.limit, { using: { limit } })'],
      ['(r, { k }) => r.value > limit', 'filter((r, { k, limit }) => r.value > limit, { using: { limit } })'],
      ['() => limit > 3', 'filter((_1, { limit }) => limit > 3, { using: { limit } })'],
      ['(r) => r.value > import_x.limit', 'filter((r, { limit }) => r.value > limit, { using: { limit } })'],
      [
        '(r) => r.value > __vi_import_0__.limit',
        'filter((r, { limit }) => r.value > limit, { using: { limit } })',
      ],
      [
        '(r) => r.value > (0, import_x.limit)',
        'filter((r, { limit }) => r.value > (limit), { using: { limit } })',
      ],
      [
        'function (r) { return r.value > limit }',
        'filter(function (r, { limit }) { return r.value > limit }, { using: { limit } })',
      ],
      [
        '(r) => ({ limit }).limit < r.value',
        'filter((r, { limit }) => ({ limit }).limit < r.value, { using: { limit } })',
      ],
    ];
    for (const [source, corrected] of sources) {
      const given = /\bk\b/.test(source as string) ? { using: { k: 1 } } : {};
      const error = refusal(Reading, op.filter(fn(source as string), given));
      expect(error['variable']).toBe('limit');
      expect(error.message).toContain(
        corrected?.replace('using: { limit }', given.using ? 'using: { k: 1, limit }' : 'using: { limit }'),
      );
      const made = new Function('filter', 'limit', 'k', `return ${error.message.split('\n\n').at(-1)}`);
      const records = [1, 9].map((value) => ({
        id: 1,
        value,
        ts: 1,
        name: '',
        a: 1n,
        b: 1n,
        samples: [1, 2, 3],
        pos: { x: 1 },
      }));
      expect(through(Reading, made(op.filter, 5, 1), records)).toContainEqual(records[1]);
    }
  });

  it('functions of using that capture, by what withUsing takes', () => {
    const helper = fn('(x) => x + limit');
    const error = refusal(
      Reading,
      op.map(fn('(r, { helper }) => ({ v: helper(r.value) })'), { using: { helper } }),
    );
    expect(error['code']).toBe('CAPTURED_VARIABLE');
    expect(error['function']).toBe('helper');
    expect(error.message).toContain(
      '{ using: { helper: withUsing((x, { limit }) => x + limit, { limit }) } }',
    );
    const corrected = withUsing(fn('(x, { limit }) => x + limit'), { limit: 2 } as Any);
    const out = through(
      struct({ value: f64 }),
      op.map(fn('(r, { helper }) => ({ v: helper(r.value) })'), { using: { helper: corrected } }),
      [{ value: 1 }],
    );
    expect(out).toEqual([{ v: 3 }]);
  });
});
