// The driver of a stage: its text, its parameters, and what it may hold on to.
import { describe, expect, it } from 'vitest';
import * as op from '../../operators/index.js';
import { defineOperator } from '../../src/operator/index.js';
import { array, f64, type Struct, struct, text, u32, u53 } from '../../src/schema/index.js';
import { BACKENDS } from './backends.js';
import { compile, refusal, unitOf } from './stage-kit.js';

const Reading = struct({ id: u32, value: f64, ts: u53, name: text }, 'Reading');
const reading = (id: number, value: number, name = '') => ({ id, value, ts: 2 ** 40 + id, name });
// biome-ignore lint/suspicious/noExplicitAny: operators over any records.
type Any = any;
const fn = (source: string): Any => new Function(`return ${source}`)();

/** The operators' part of a driver. */
function operatorsOf(source: string): string {
  return source.slice(source.indexOf('// operator'), source.indexOf('\nfunction entry(p)')).trim();
}

describe('a driver', () => {
  it('hands records from step to step without a journal, allocating nothing', () => {
    const program = compile(
      Reading,
      op.filter(fn('(r) => r.value > 1')),
      op.map(fn('(r) => ({ id: r.id, ts: r.ts, name: r.name, half: r.value / 2 })')),
    );
    const text = operatorsOf(unitOf(program).source);
    expect(text).toContain('const fn_predicate0 = (r) => $_F64[r.$p + 1] > 1;');
    expect(text).toContain(
      'const fn_project1 = (r) => (($_U32[2 * $_s0] = $_U32[2 * r.$p], ' +
        '$_U32[2 * $_s0 + 2] = $_U32[2 * r.$p + 4], $_U32[2 * $_s0 + 3] = $_U32[2 * r.$p + 5], ' +
        '$_v0.$id_name = r.$id_name, $_F64[$_s0 + 3] = $_F64[r.$p + 1] / 2, $_v0));',
    );
    expect(text).toContain('const emit0 = (record) => { entry1(record.$p); op = 0; };');
    expect(text).toContain('const emit1 = (record) => { sink(record.$p); };');
    expect(unitOf(program).source).toContain('//# sourceURL=roda-rx/engine/test.js');
  });

  it('keeps a literal that is evaluated in a loop as an object', () => {
    const program = compile(
      Reading,
      op.step(fn('(r, state, emit) => { for (let i = 0; i < 2; i++) emit({ i, v: r.value }); }')),
    );
    expect(operatorsOf(unitOf(program).source)).toContain('emit({ i, v: $_F64[r.$p + 1] })');
  });

  it('lists the live parameters that it reads', () => {
    const jump = { kind: 'param', address: 1000, owner: {}, value: 0 };
    const operator = op.filter(fn('(r, { jump }) => r.value > jump'), { using: { jump } as Any });
    expect(compile(Reading, operator).params).toEqual([1000]);
  });

  it('can be posted to another thread', () => {
    const program = compile(Reading, op.map(fn('(r, { t }) => ({ v: t[0] })'), { using: { t: [1] } as Any }));
    expect(structuredClone(program)).toEqual(program);
  });

  it('interns the texts that functions may store', () => {
    const program = compile(
      Reading,
      op.map(
        fn(
          "(r, { names }) => ({ a: r.id > 1 ? 'high' : 'low', b: names[r.id], c: r.name === 'not stored' })",
        ),
        {
          using: { names: ['x', 'y'] } as Any,
        },
      ),
    );
    expect([...program.texts].sort()).toEqual(['high', 'low', 'x', 'y']);
  });

  it('interns the texts that functions may store within nested records and arrays', () => {
    const Tag = struct({ name: text }, 'Tag');
    const State = struct({ tags: array(Tag, 2), names: array(text, 2), last: Tag }, 'State');
    const init =
      '(r) => ({ tags: [{ name: r.name }, { name: r.name }], names: [r.name, r.name], last: { name: r.name } })';
    const update =
      "(s) => { s.tags[0].name = 'a'; s.names[1] = 'b'; s.last.name = 'c'; s.tags[1] = { name: 'd' }; }";
    const program = compile(
      Reading,
      op.stateful(fn('(r) => r.id'), fn(init), fn(update), { out: State as Any }),
    );
    expect([...program.texts].sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('refuses to store a number where a nested record has a text', () => {
    const State = struct({ last: struct({ name: text }, 'Tag') }, 'State');
    const operator = op.stateful(
      fn('(r) => r.id'),
      fn('(r) => ({ last: { name: r.name } })'),
      fn('(s, r) => { s.last.name = r.value; }'),
      { out: State as Any },
    );
    expect(refusal(Reading, operator)).toMatchObject({ code: 'LAYOUT_MISMATCH' });
  });
});

describe.each(BACKENDS)('a stage of the %s backend', (_, start) => {
  const through = (input: Struct, operator: Any, records: object[]): unknown[] =>
    start(input, operator).push(...records);

  it('reads live parameters at each use', () => {
    const address = 1000;
    const jump = { kind: 'param', address, owner: {}, value: 0 };
    const stage = start(
      Reading,
      op.filter(fn('(r, { jump }) => r.value > jump'), { using: { jump } as Any }),
    );
    stage.memory.f64[address] = 5;
    expect(stage.push(reading(1, 7))).toHaveLength(1);
    stage.memory.f64[address] = 9;
    expect(stage.push(reading(1, 7))).toHaveLength(0);
  });

  it('keeps instances of one program apart', () => {
    const operators = op.scan((acc: Any, r: Any) => ({ n: acc.n + r.value }), { n: 0 });
    const one = start(Reading, operators);
    const two = start(Reading, operators);
    one.push(reading(1, 1));
    expect(one.push(reading(1, 1))).toEqual([{ n: 2 }]);
    expect(two.push(reading(1, 5))).toEqual([{ n: 5 }]);
  });

  it('starts from a seed of any shape', () => {
    const out = through(
      Reading,
      op.scan(
        (acc: Any, r: Any) => {
          acc.list[acc.at.n % 2] = r.value;
          acc.at.n++;
          acc.name = r.name;
          return acc;
        },
        { list: [0, 0], at: { n: 0 }, name: 'none', ok: true },
      ),
      [reading(1, 5, 'x'), reading(1, 6, 'y')],
    );
    expect(out.at(-1)).toEqual({ list: [5, 6], at: { n: 2 }, name: 'y', ok: true });
  });

  it('swaps nested records of the state through a new one', () => {
    const out = through(
      struct({ v: f64 }),
      op.scan((acc: Any, r: Any) => ({ a: acc.b, b: { x: r.v } }), { a: { x: 0 }, b: { x: 0 } }),
      [{ v: 1 }, { v: 2 }, { v: 3 }],
    );
    expect(out).toEqual([
      { a: { x: 0 }, b: { x: 1 } },
      { a: { x: 1 }, b: { x: 2 } },
      { a: { x: 2 }, b: { x: 3 } },
    ]);
  });

  it('coerces where records are stored, not before', () => {
    const Narrow = struct({ n: u32, list: array(u32, 2) }, 'Narrow');
    const out = through(
      Reading,
      op.map((r: Any) => ({ n: r.value, list: [r.value, -1] }), { out: Narrow as Any }),
      [reading(1, 2 ** 32 + 1.5)],
    );
    expect(out).toEqual([{ n: 1, list: [1, 2 ** 32 - 1] }]);
  });

  it('runs steps of any form', () => {
    const forms: Any[] = [
      (record: Any, _state: Any, emit: Any) => emit(record),
      function step(record: Any, _state: Any, emit: Any) {
        emit(record);
      },
      ({ id, value, ts, name }: Any, { exists }: Any, emit: Any) => exists || emit({ id, value, ts, name }),
      (record: Any, _state: Any, emit: Any, { twice }: Any) => twice === 2 && emit(record),
      (record: Any, _state: Any, emit: Any, scope: Any) => {
        if (scope.twice === 2) emit(record);
      },
      (record: Any, _state: Any, emit: Any, { twice = 3, ...rest }: Any) => {
        if (twice === 2 && rest) emit(record);
      },
    ];
    for (const step of forms) {
      const operator = defineOperator<Any, Any>({ name: 'own', constants: { twice: 2 }, step });
      expect(through(Reading, operator, [reading(1, 2)])).toEqual([reading(1, 2)]);
    }
  });
});
