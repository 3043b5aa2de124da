// Comparison and truth: operands of all kinds, and of one of several kinds.
import { describe, expect, test } from 'vitest';
import { objectIs } from '../../../src/compiler/lower/compare.js';
import type { LowerContext } from '../../../src/compiler/lower/context.js';
import { constantOperand } from '../../../src/compiler/lower/fields.js';
import { NULL, type Operand, type SingleOperand, UNDEFINED } from '../../../src/compiler/lower/operand.js';
import { binaryOperator, unaryOperator } from '../../../src/compiler/lower/operators.js';
import {
  falsyPart,
  isNil,
  nilPart,
  presentPart,
  truth,
  truthyPart,
} from '../../../src/compiler/lower/truth.js';
import { compile, evaluate, type Kind, refusal, textNumber, VALUES, wrong } from './kit.js';

const REPS = ['f64', 'i32', 'u32', 'bool', 'i64', 'u64'] as const;
const is = Object.is as (a: never, b: never) => boolean;

describe('Object.is()', () => {
  test.each(REPS.flatMap((a) => REPS.map((b) => [a, b] as const)))('of %s and %s', (a, b) => {
    const got = compile([a, b], (ctx, x, y) => objectIs(ctx.builder, x, y));
    expect(wrong(VALUES[a], VALUES[b], got, is)).toEqual([]);
  });

  test.each(REPS)('of %s and constants', (rep) => {
    for (const constant of [...VALUES.f64, ...VALUES.i64, true, false, null, undefined, 'a']) {
      const got = compile([rep], (ctx, x) => objectIs(ctx.builder, x, constantOperand(ctx, constant)));
      expect(wrong(VALUES[rep], [constant], (a) => got(a), is)).toEqual([]);
    }
  });
});

describe('texts', () => {
  test.each(['===', '!==', '==', '!='])('are compared by their numbers: %s', (operator) => {
    const expected = new Function('a', 'b', `return a ${operator} b`) as never;
    const two = compile(['text', 'text'], (ctx, x, y) => binaryOperator(ctx, operator, x, y));
    expect(wrong([0, 1, 7], [0, 1, 7], two, expected)).toEqual([]);
    for (const constant of ['', 'a', 'ab']) {
      const one = compile(['text'], (ctx, x) =>
        binaryOperator(ctx, operator, x, constantOperand(ctx, constant)),
      );
      const number = textNumber(constant);
      expect(wrong([0, 1, 1001, 1002], [number], (a) => one(a), expected)).toEqual([]);
    }
  });

  test('of the code are compared, added and ordered at once', () => {
    const made = (operator: string, a: string, b: string) =>
      evaluate((ctx) => binaryOperator(ctx, operator, constantOperand(ctx, a), constantOperand(ctx, b)));
    expect(made('===', 'a', 'a')).toBe(true);
    expect(made('+', 'a', 'b')).toBe('ab');
    expect(made('<', 'a', 'b')).toBe(true);
    expect(made('>=', 'a', 'b')).toBe(false);
  });

  test('differ from all else; what would make or order strings is refused', () => {
    expect(compile(['text', 'f64'], (ctx, x, y) => binaryOperator(ctx, '===', x, y))(1, 1)).toBe(false);
    expect(refusal(['text', 'text'], (ctx, x, y) => binaryOperator(ctx, '+', x, y))).toBe(
      '`+` of texts makes a new string',
    );
    expect(refusal(['f64', 'text'], (ctx, x, y) => binaryOperator(ctx, '+', x, y))).toBe(
      '`+` of texts makes a new string',
    );
    expect(refusal(['text', 'text'], (ctx, x, y) => binaryOperator(ctx, '<', x, y))).toMatch(/`<` of texts/);
    expect(refusal(['text', 'f64'], (ctx, x, y) => binaryOperator(ctx, '==', x, y))).toMatch(
      /a text is used as a number/,
    );
    expect(refusal(['text'], (ctx, x) => unaryOperator(ctx, '-', x))).toMatch(/a text is used as a number/);
  });
});

/** Operands that may be one of several things, and what JavaScript has in their place. */
const ALTERNATIVES: readonly [kind: Kind | undefined, values: readonly unknown[]][] = [
  ['f64', [0, -0, 1, Number.NaN, 2.5]],
  [undefined, [undefined]],
  [undefined, [null]],
  ['bool', [true, false]],
  ['i32', [0, 1, -5]],
];

/** Calls a function with every value of a union of these alternatives. */
function eachOf(
  chosen: readonly (readonly [Kind | undefined, readonly unknown[]])[],
  build: (ctx: LowerContext, union: Operand) => Operand | undefined,
  visit: (got: unknown, value: unknown) => void,
): void {
  const kinds: Kind[] = ['i32', ...chosen.flatMap(([kind]) => kind ?? [])];
  const got = compile(kinds, (ctx, tag, ...rest) => {
    if (tag.kind !== 'number') throw new Error('no tag');
    const alternatives = chosen.map(([kind, [value]]) =>
      kind === undefined ? constantOperand(ctx, value) : (rest.shift() as SingleOperand),
    );
    return build(ctx, { kind: 'union', tag: tag.value, alternatives });
  });
  chosen.forEach(([own, values], i) => {
    for (const value of values) {
      const args = chosen.flatMap(([kind]) => (kind === undefined ? [] : [kind === own ? value : 1]));
      visit(got(i, ...args), value);
    }
  });
}

const UNIONS = ALTERNATIVES.flatMap((a, i) =>
  ALTERNATIVES.slice(i + 1).flatMap((b, j) => [
    [a, b],
    [b, a],
    ...ALTERNATIVES.slice(i + j + 2).map((c) => [b, a, c]),
  ]),
);

describe('one of several things', () => {
  test.each(['+', '*', '<', '>=', '===', '!==', '==', '!=', '|', '%'])('in %s', (operator) => {
    const expected = new Function('a', 'b', `return a ${operator} b`) as (a: unknown, b: unknown) => unknown;
    for (const chosen of UNIONS) {
      for (const other of [0, 1, Number.NaN, true, undefined, null]) {
        eachOf(
          chosen,
          (ctx, x) => binaryOperator(ctx, operator, x, constantOperand(ctx, other)),
          (got, value) => expect(got).toBe(expected(value, other)),
        );
        eachOf(
          chosen,
          (ctx, x) => binaryOperator(ctx, operator, constantOperand(ctx, other), x),
          (got, value) => expect(got).toBe(expected(other, value)),
        );
      }
      eachOf(
        chosen,
        (ctx, x) => binaryOperator(ctx, operator, x, x),
        (got, value) => expect(got).toBe(expected(value, value)),
      );
    }
  });

  test.each(['!', '-', '+', '~'])('after %s', (operator) => {
    const expected = new Function('a', `return ${operator} a`) as (a: unknown) => unknown;
    for (const chosen of UNIONS)
      eachOf(
        chosen,
        (ctx, x) => unaryOperator(ctx, operator, x),
        (got, value) => expect(got).toBe(expected(value)),
      );
  });

  test('after typeof', () => {
    for (const chosen of UNIONS)
      eachOf(
        chosen,
        (ctx, x) => unaryOperator(ctx, 'typeof', x),
        (got, value) => expect(got).toBe(textNumber(typeof value)),
      );
  });

  test('is truthy, null or undefined as it is', () => {
    for (const chosen of UNIONS) {
      eachOf(
        chosen,
        (_, x) => truth(x),
        (got, value) => expect(got).toBe(Boolean(value)),
      );
      eachOf(
        chosen,
        (_, x) => isNil(x),
        (got, value) => expect(got).toBe(value == null),
      );
    }
  });

  // What is left has the same value wherever the test holds.
  test.each([
    ['truthy', truthyPart, (x: unknown) => Boolean(x)],
    ['falsy', falsyPart, (x: unknown) => !x],
    ['present', presentPart, (x: unknown) => x != null],
    ['nil', nilPart, (x: unknown) => x == null],
  ] as const)('loses what is ruled out where it was found to be %s', (_, part, holds) => {
    for (const chosen of UNIONS) {
      const left = chosen.filter(([, values]) => values.some(holds));
      for (const probe of [0, 1, true, false, null, undefined]) {
        if (left.length === 0) {
          eachOf(
            chosen,
            (ctx, x) => (part(x) === undefined ? constantOperand(ctx, 'none') : x),
            (got) => expect(got).toBe(textNumber('none')),
          );
          continue;
        }
        eachOf(
          chosen,
          (ctx, x) => binaryOperator(ctx, '===', part(x) as Operand, constantOperand(ctx, probe)),
          (got, value) => {
            if (holds(value)) expect(got).toBe(value === probe);
          },
        );
      }
    }
  });

  test('stays a union of what is left', () => {
    const alternatives = [
      UNDEFINED,
      { kind: 'text', value: { op: 'const', type: 'i32', value: 1 } },
      NULL,
    ] as const;
    const union = { kind: 'union', tag: { op: 'const', type: 'i32', value: 1 }, alternatives } as const;
    expect(presentPart(union)).toEqual(alternatives[1]);
    expect(nilPart(union)?.kind).toBe('union');
    expect(truthyPart(union)?.kind).toBe('text');
    expect(falsyPart(union)?.kind).toBe('union');
  });
});

describe('objects', () => {
  const record = (ctx: LowerContext): Operand => ({
    kind: 'object',
    fields: new Map([['a', ctx.cell('a', UNDEFINED)]]),
  });

  test('are truthy, never equal to other kinds, and the same as themselves', () => {
    expect(evaluate((ctx) => truth(record(ctx)))).toBe(true);
    for (const other of [1, undefined, null, 'a', 1n, true])
      expect(evaluate((ctx) => binaryOperator(ctx, '===', record(ctx), constantOperand(ctx, other)))).toBe(
        false,
      );
    for (const other of [undefined, null])
      expect(evaluate((ctx) => binaryOperator(ctx, '==', record(ctx), constantOperand(ctx, other)))).toBe(
        false,
      );
    const own = (ctx: LowerContext) => {
      const one = record(ctx);
      return binaryOperator(ctx, '===', one, one);
    };
    expect(evaluate(own)).toBe(true);
  });

  test('are refused where their identity or a number is asked for', () => {
    expect(refusal([], (ctx) => binaryOperator(ctx, '===', record(ctx), record(ctx)))).toMatch(
      /whether an object is the same/,
    );
    expect(refusal([], (ctx) => binaryOperator(ctx, '+', record(ctx), record(ctx)))).toBe(
      'an object is used as a number',
    );
    expect(refusal(['f64'], (ctx, x) => binaryOperator(ctx, '==', record(ctx), x))).toBe(
      'an object is used as a number',
    );
  });

  test('constants are the same if they are one object', () => {
    const [a, b] = [[1], [1]];
    const same = (x: object, y: object) =>
      evaluate((ctx) => binaryOperator(ctx, '===', constantOperand(ctx, x), constantOperand(ctx, y)));
    expect([same(a, a), same(a, b)]).toEqual([true, false]);
  });
});

test('whether what is known modulo 2^64 is truthy is refused', () => {
  expect(refusal(['modular'], (_, x) => truth(x))).toMatch(/all of its bits/);
});
