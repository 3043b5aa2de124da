// Numbers: every operator agrees with JavaScript on values that are easily got wrong, in every representation.
import { describe, expect, test } from 'vitest';
import { constantOperand } from '../../../src/compiler/lower/fields.js';
import { binaryOperator, stepped, unaryOperator } from '../../../src/compiler/lower/operators.js';
import { compile, DOUBLES, evaluate, VALUES, wrong } from './kit.js';

const BINARY: Record<string, (a: never, b: never) => unknown> = Object.fromEntries(
  '+ - * / % ** & | ^ << >> >>> < <= > >= === !== == !='
    .split(' ')
    .map((operator) => [operator, new Function('a', 'b', `return a ${operator} b`) as () => unknown]),
);
const REPS = ['f64', 'i32', 'u32', 'bool'] as const;

const CONSTANTS: readonly unknown[] = [
  ...[
    0,
    -0,
    1,
    -1,
    2,
    -3,
    0.5,
    10,
    31,
    255,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53,
    2 ** 63,
  ],
  ...[
    -(2 ** 63),
    1e300,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    true,
    false,
    null,
    undefined,
  ],
];

describe.each(Object.entries(BINARY))('a %s b', (operator, expected) => {
  test.each(REPS.flatMap((a) => REPS.map((b) => [a, b] as const)))('of %s and %s', (a, b) => {
    const got = compile([a, b], (ctx, x, y) => binaryOperator(ctx, operator, x, y));
    expect(wrong(VALUES[a], VALUES[b], got, expected)).toEqual([]);
  });

  test.each(REPS)('of %s and constants', (rep) => {
    for (const constant of CONSTANTS) {
      const right = compile([rep], (ctx, x) =>
        binaryOperator(ctx, operator, x, constantOperand(ctx, constant)),
      );
      const left = compile([rep], (ctx, x) =>
        binaryOperator(ctx, operator, constantOperand(ctx, constant), x),
      );
      expect(wrong(VALUES[rep], [constant], (a) => right(a), expected)).toEqual([]);
      expect(wrong([constant], VALUES[rep], (_, b) => left(b), expected)).toEqual([]);
    }
  });

  test('of constants', () => {
    const constants = [...DOUBLES, ...CONSTANTS];
    const got = (a: unknown, b: unknown) =>
      evaluate((ctx) => binaryOperator(ctx, operator, constantOperand(ctx, a), constantOperand(ctx, b)));
    expect(wrong(constants, constants, got, expected)).toEqual([]);
  });
});

describe.each(['-', '+', '~', '!', 'typeof'])('%s a', (operator) => {
  const expected = new Function('a', `return ${operator} a`) as (a: unknown) => unknown;
  test.each(REPS)('of %s', (rep) => {
    if (operator === 'typeof') return;
    const got = compile([rep], (ctx, x) => unaryOperator(ctx, operator, x));
    expect(wrong(VALUES[rep], [0], got, expected)).toEqual([]);
  });
});

test.each(REPS)('++ and -- add and subtract 1 of %s', (rep) => {
  const up = compile([rep], (ctx, x) => stepped(ctx, '++', x));
  const down = compile([rep], (ctx, x) => stepped(ctx, '--', x));
  expect(wrong(VALUES[rep], [1], up, (a: number, b: number) => Number(a) + b)).toEqual([]);
  expect(wrong(VALUES[rep], [1], down, (a: number, b: number) => Number(a) - b)).toEqual([]);
});

test('bit operators take no product for exact that is beyond 2^53', () => {
  for (const factor of [3, -5, 2 ** 22 + 1, 8_388_611, 2 ** 31 - 1, 0.5]) {
    for (const rep of REPS) {
      const got = compile([rep], (ctx, x) =>
        binaryOperator(
          ctx,
          '|',
          binaryOperator(ctx, '*', x, constantOperand(ctx, factor)),
          constantOperand(ctx, 0),
        ),
      );
      expect(wrong(VALUES[rep], [factor], got, (a: number, b: number) => (a * b) | 0)).toEqual([]);
    }
  }
});

test('bit operators see through sums and products of integers', () => {
  const cases: [string, string, (a: number, b: number) => number][] = [
    ['+', '|', (a, b) => (a + b) | 0],
    ['-', '|', (a, b) => (a - b) | 0],
    ['*', '|', (a, b) => (a * b) | 0],
    ['*', '>>>', (a, b) => (a * b) >>> 0],
    ['/', '|', (a, b) => (a / b) | 0],
  ];
  for (const [inner, outer, expected] of cases) {
    for (const a of REPS) {
      for (const b of REPS) {
        const got = compile([a, b], (ctx, x, y) =>
          binaryOperator(ctx, outer, binaryOperator(ctx, inner, x, y), constantOperand(ctx, 0)),
        );
        expect(wrong(VALUES[a], VALUES[b], got, expected)).toEqual([]);
      }
    }
  }
});
