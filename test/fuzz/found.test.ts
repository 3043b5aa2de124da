// What the fuzzer has found, each as a case of its own: both backends give what plain RxJS gives.
// biome-ignore-all lint/suspicious/noExplicitAny: functions of many records.
// biome-ignore-all lint/complexity/noCommaOperator: what people may write.
// biome-ignore-all lint/suspicious/noAssignInExpressions: what people may write.
import { describe, expect, it } from 'vitest';
import * as op from '../../operators/index.js';
import { array, bool, f64, i64, type Struct, struct, text, u8, u53 } from '../../src/schema/index.js';
import { BACKENDS } from '../compiler/backends.js';

const Row = struct({ a: f64, g: i64, t: text }, 'Row');
const row = (a: number, g = 0n, t = '') => ({ a, g, t });
const Nested = struct({ at: struct({ x: u8, y: u53 }), l: array(u8, 2), p: array(struct({ x: u8 }), 2) });
const nested = (n: number) => ({ at: { x: n, y: n }, l: [n, n], p: [{ x: n }, { x: n }] });

describe.each(BACKENDS)('on the %s backend', (_, start) => {
  const through = (input: Struct<any>, operators: any[], records: object[]) =>
    start(input, ...operators).push(...records);

  it('a key may have constant bigints and doubles among its parts', () => {
    const first = op.dedupBy(
      (r: any) => [BigInt.asUintN(64, 7n), 0.5, r.a],
      (r: any) => r.g,
    );
    const records = [row(1), row(1), row(2), row(1, 5n)];
    expect(through(Row, [first], records)).toEqual([row(1), row(2), row(1, 5n)]);
  });

  it('the analysis of a function that returns the constant NaN settles', () => {
    const first = op.dedupBy(
      (r: any) => r.a,
      () => Number.NaN,
    );
    expect(through(Row, [first], [row(1), row(2), row(1)])).toEqual([row(1), row(2)]);
    const literal = op.dedupBy(
      (r: any) => r.a,
      (): number => NaN,
    );
    expect(through(Row, [literal], [row(1), row(2), row(1)])).toEqual([row(1), row(2)]);
  });

  it('a key may be an element of an array literal', () => {
    const first = op.dedupBy(
      (r: any) => {
        const names = ['x', r.t];
        return names[1];
      },
      () => 1,
    );
    const records = [row(1, 0n, 'a'), row(2, 0n, 'b'), row(3, 0n, 'a')];
    expect(through(Row, [first], records)).toEqual(records.slice(0, 2));
  });

  it('what is compared may be a sequence', () => {
    const changes = op.distinctUntilChanged(undefined, (r: any) => (r.g, r.a));
    expect(through(Row, [changes], [row(1), row(1, 1n), row(2)])).toEqual([row(1), row(2)]);
    const keys = op.distinctUntilKeyChanged((r: any) => {
      return (r.g, r.a);
    });
    expect(through(Row, [keys], [row(1), row(1, 1n), row(2)])).toEqual([row(1), row(2)]);
  });

  it('an array that the operator before made of a literal has no elements out of range', () => {
    const made = op.map((r: any) => ({ l: [r.a, 1, 2], a: r.a }));
    for (const read of [
      op.map((r: any) => ({ v: r.l[r.a] })),
      op.map((r: any) => ({ v: r.l[r.a] ?? 7 })),
      op.map((r: any) => ({ v: r.a > 2 ? r.l[5] : r.l[1] })),
    ]) {
      expect(through(Row, [made, read], [row(1)])).toEqual([{ v: 1 }]);
      const stage = start(Row, made, read);
      expect(() => stage.push(row(3))).toThrow(expect.objectContaining({ code: 'INDEX_RANGE' }));
    }
    expect(() =>
      start(
        Row,
        made,
        op.map((r: any) => ({ v: r.l[r.a] })),
      ).push(row(0.5)),
    ).toThrow('Cannot access element 0.5: the array holds 3');
  });

  it.each<[form: string, init: (r: any) => any]>([
    ['the record', (r) => r],
    ['a copy of the record', (r) => ({ ...r })],
    ['its parts', (r) => ({ at: r.at, l: r.l, p: r.p })],
  ])('what is computed within a state that began as %s keeps its fractions', (__, init) => {
    const update = (s: any) => {
      s.at.y /= 2;
      s.l[0] += 0.5;
      s.p[1].x += 300;
    };
    const out = through(Nested, [op.stateful(() => 1, init, update)], [nested(1), nested(1)]);
    expect(out.at(-1)).toEqual({ at: { x: 1, y: 0.5 }, l: [1.5, 1], p: [{ x: 1 }, { x: 301 }] });
  });

  it('what is computed within an accumulator keeps its fractions', () => {
    const halved = op.scan((s: any) => {
      s.at.y /= 2;
      s.l[0] += 0.5;
      s.p[1].x += 300;
      return s;
    });
    const out = through(Nested, [halved], [nested(1), nested(1)]);
    expect(out.at(-1)).toEqual({ at: { x: 1, y: 0.5 }, l: [1.5, 1], p: [{ x: 1 }, { x: 301 }] });
  });

  it('parts of records that come by several ways may be alike once they are stored', () => {
    const out = struct({ at: struct({ x: f64, y: u53 }), l: array(u8, 2), p: array(struct({ x: u8 }), 2) });
    const ways = op.map(
      (r: any) => {
        if (r.l[0] === 1) return { at: { x: 0.5, y: 1 }, l: r.l, p: r.p };
        if (r.l[0] === 2) return { ...r, l: r.l };
        return r;
      },
      { out },
    );
    const read = op.map((r: any) => ({ x: r.at.x, y: r.at.y }));
    expect(through(Nested, [ways, read], [nested(1), nested(2), nested(3)])).toEqual([
      { x: 0.5, y: 1 },
      { x: 2, y: 2 },
      { x: 3, y: 3 },
    ]);
  });

  it.each<[field: string, project: (r: any) => any, changed: object]>([
    ['a text for a number', (r) => ({ ...r, a: r.t }), { a: 'x' }],
    ['a bigint for a number', (r) => ({ ...r, a: r.g }), { a: 3n }],
    ['a number for a bigint', (r) => ({ ...r, g: r.a }), { g: 1 }],
    ['a number for a text', (r) => ({ ...r, t: r.a }), { t: 1 }],
    ['a record', (r) => ({ ...r, a: { b: r.t } }), { a: { b: 'x' } }],
    ['an array', (r) => ({ ...r, a: [r.t, r.t] }), { a: ['x', 'x'] }],
    ['the whole', (r) => ({ ...r, t: r }), { t: row(1, 3n, 'x') }],
    ['of another kind behind a spread call', (r) => ({ ...((x: any) => x)(r), a: r.t }), { a: 'x' }],
    ['of another kind before the spread', (r) => ({ a: r.t, ...r }), {}],
    ['all of them', (r) => ({ ...r, t: r.a, a: r.t, g: r.a }), { t: 1, a: 'x', g: 1 }],
  ])('a field that is spread may be given anew: %s', (_, project, changed) => {
    const given = row(1, 3n, 'x');
    expect(through(Row, [op.map(project)], [given])).toEqual([{ ...given, ...changed }]);
  });

  it('a field of an array that is spread may be given anew with another length', () => {
    const longer = op.map((r: any) => ({ ...r, l: [1, 2, 3], at: { x: r.at.x, z: 1 } }));
    expect(through(Nested, [longer], [nested(1)])).toEqual([
      { ...nested(1), l: [1, 2, 3], at: { x: 1, z: 1 } },
    ]);
  });

  it.each([
    ['an element that is added to', 's.l[0] += n'],
    ['an element that is counted up', 's.l[0]++'],
    ['an element that is set if it is 0', 's.l[0] ||= n'],
    ['a whole number', 'r.at.y && (s.l[0] += n)'],
    ['a boolean', 'r.on && (s.l[0] += n)'],
    ['a field of the state', 's.at.x = 9'],
  ])('lines may end without semicolons: before %s', (_, line) => {
    const On = struct({ ...Nested.fields, on: bool });
    const text = `(s, r) => {\n  const n = r.l[1]\n  ${line}\n  if (n > 1) ${line}\n}`;
    const lines = op.stateful(
      () => 1,
      (r: any) => r,
      new Function(`return ${text}`)(),
    );
    const state = { ...nested(2), on: true };
    const expected = structuredClone(state);
    new Function('s', 'r', `${text.slice(text.indexOf('{'))}`)(expected, state);
    expect(through(On, [lines], [state, state]).at(-1)).toEqual(expected);
  });

  it('a part that a literal holds is what its later fields make of it', () => {
    const counted = op.scan((s: any) => ({ at: s.at, l: s.l, p: [{ x: s.l[0]++ }, { x: (s.at.x = 9) }] }));
    const out = through(Nested, [counted], [nested(1), nested(1)]);
    expect(out.at(-1)).toEqual({ at: { x: 9, y: 1 }, l: [2, 1], p: [{ x: 1 }, { x: 9 }] });
  });
});
