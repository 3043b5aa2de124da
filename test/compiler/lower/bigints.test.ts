// Bigints: every operator agrees with JavaScript, exactly or modulo 2^64, or says why it can't.
import { describe, expect, test } from 'vitest';
import type { LowerContext } from '../../../src/compiler/lower/context.js';
import { constantOperand } from '../../../src/compiler/lower/fields.js';
import { globalOperand } from '../../../src/compiler/lower/globals.js';
import { numberConstant } from '../../../src/compiler/lower/numbers.js';
import type { Operand } from '../../../src/compiler/lower/operand.js';
import { binaryOperator, stepped, unaryOperator } from '../../../src/compiler/lower/operators.js';
import { compile, DOUBLES, evaluate, I64S, INTS, refusal, U64S, UINTS, VALUES, wrong } from './kit.js';

type Operation = (a: never, b: never) => unknown;

const operation = (operator: string): Operation =>
  new Function('a', 'b', `return a ${operator} b`) as Operation;
const COMPARISONS = ['<', '<=', '>', '>=', '===', '!==', '==', '!='];
const TYPES = ['i64', 'u64'] as const;
const CONSTANTS = [
  0n,
  1n,
  -1n,
  2n,
  3n,
  -7n,
  63n,
  64n,
  65n,
  255n,
  -(2n ** 63n),
  2n ** 63n,
  2n ** 64n - 1n,
  2n ** 64n,
  -(2n ** 65n),
];

/** A result that is known modulo 2^64 only. */
const modulo =
  (expected: Operation): Operation =>
  (a, b) => {
    const result = expected(a, b);
    return typeof result === 'bigint' ? BigInt.asUintN(64, result) : result;
  };

const asUnsigned =
  (got: (a: unknown, b: unknown) => unknown) =>
  (a: unknown, b: unknown): unknown => {
    const result = got(a, b);
    return typeof result === 'bigint' ? BigInt.asUintN(64, result) : result;
  };

function member(ctx: LowerContext, path: string, ...args: Operand[]): Operand {
  const [name = '', key = '()'] = path.split('.');
  const namespace = globalOperand(ctx, name);
  const fn = namespace?.kind === 'namespace' ? namespace.member(key) : namespace;
  if (fn?.kind !== 'known') throw new Error(`no ${path}`);
  return fn.call(args);
}

describe.each(['+', '-', '*', '&', '|', '^'])('a %s b', (operator) => {
  const expected = modulo(operation(operator));
  test.each(TYPES.flatMap((a) => TYPES.map((b) => [a, b] as const)))('of %s and %s', (a, b) => {
    const got = compile([a, b], (ctx, x, y) => binaryOperator(ctx, operator, x, y));
    expect(wrong(VALUES[a], VALUES[b], asUnsigned(got), expected)).toEqual([]);
  });

  test.each(TYPES)('of %s and constants', (type) => {
    for (const constant of CONSTANTS) {
      const right = compile([type], (ctx, x) =>
        binaryOperator(ctx, operator, x, constantOperand(ctx, constant)),
      );
      const left = compile([type], (ctx, x) =>
        binaryOperator(ctx, operator, constantOperand(ctx, constant), x),
      );
      expect(
        wrong(
          VALUES[type],
          [constant],
          asUnsigned((a) => right(a)),
          expected,
        ),
      ).toEqual([]);
      expect(
        wrong(
          [constant],
          VALUES[type],
          asUnsigned((_, b) => left(b)),
          expected,
        ),
      ).toEqual([]);
    }
  });

  test('of what is known modulo 2^64', () => {
    const got = compile(['i64', 'u64', 'i64'], (ctx, x, y, z) =>
      binaryOperator(ctx, operator, binaryOperator(ctx, '*', x, y), z),
    );
    const exact = operation(operator) as (a: bigint, b: bigint) => bigint;
    for (const z of I64S) {
      const should = (a: bigint, b: bigint) => BigInt.asUintN(64, exact(a * b, z));
      expect(
        wrong(
          I64S,
          U64S,
          asUnsigned((a, b) => got(a, b, z)),
          should,
        ),
      ).toEqual([]);
    }
  });
});

describe.each(['/', '%'])('a %s b', (operator) => {
  const expected = operation(operator);
  test.each(TYPES)('of %s', (type) => {
    const got = compile([type, type], (ctx, x, y) => binaryOperator(ctx, operator, x, y));
    expect(wrong(VALUES[type], VALUES[type], asUnsigned(got), modulo(expected))).toEqual([]);
  });

  test.each(TYPES)('of %s and constants that it holds', (type) => {
    for (const constant of CONSTANTS.filter(
      (x) => (type === 'i64' ? BigInt.asIntN : BigInt.asUintN)(64, x) === x,
    )) {
      const right = compile([type], (ctx, x) =>
        binaryOperator(ctx, operator, x, constantOperand(ctx, constant)),
      );
      const left = compile([type], (ctx, x) =>
        binaryOperator(ctx, operator, constantOperand(ctx, constant), x),
      );
      expect(
        wrong(
          VALUES[type],
          [constant],
          asUnsigned((a) => right(a)),
          modulo(expected),
        ),
      ).toEqual([]);
      expect(
        wrong(
          [constant],
          VALUES[type],
          asUnsigned((_, b) => left(b)),
          modulo(expected),
        ),
      ).toEqual([]);
    }
  });

  test('by a constant gives an exact result, which can be divided again', () => {
    const got = compile(['i64', 'i64'], (ctx, x, y) =>
      binaryOperator(ctx, '/', binaryOperator(ctx, operator, x, constantOperand(ctx, 10n)), y),
    );
    const expectedTwice = (a: bigint, b: bigint) => (operator === '/' ? a / 10n : a % 10n) / b;
    expect(wrong(I64S, I64S, asUnsigned(got), modulo(expectedTwice as Operation))).toEqual([]);
  });

  test('is refused of what is known modulo 2^64, of an i64 with a u64, and of more than 64 bits', () => {
    const refused = (kinds: Parameters<typeof refusal>[0], constant?: bigint) =>
      refusal(kinds, (ctx, x, y) => binaryOperator(ctx, operator, x, y ?? constantOperand(ctx, constant)));
    expect(refused(['modular', 'i64'])).toMatch(/takes all bits of a sum or product.*asIntN/);
    expect(refused(['i64', 'u64'])).toMatch(/an i64 and a u64/);
    expect(refused(['u64'], -3n)).toMatch(/an i64 and a u64/);
    expect(refused(['i64'], 2n ** 70n)).toMatch(/more than 64 bits/);
  });
});

describe.each(['<<', '>>'])('a %s b', (operator) => {
  // Shifts by very many bits take the engine long before they fail; they are tested by themselves.
  const amounts = [0n, 1n, 5n, 31n, 63n, 64n, 65n, 200n, -1n, -63n, -64n, -300n];
  const expected = modulo(operation(operator));
  test.each(TYPES)('of %s', (type) => {
    const signed = compile([type, 'i64'], (ctx, x, y) => binaryOperator(ctx, operator, x, y));
    const unsigned = compile([type, 'u64'], (ctx, x, y) => binaryOperator(ctx, operator, x, y));
    expect(wrong(VALUES[type], amounts, asUnsigned(signed), expected)).toEqual([]);
    const positive = amounts.filter((by) => by >= 0n);
    expect(wrong(VALUES[type], positive, asUnsigned(unsigned), expected)).toEqual([]);
  });

  test.each(TYPES)('of %s by constants, and of constants', (type) => {
    for (const by of amounts) {
      const got = compile([type], (ctx, x) => binaryOperator(ctx, operator, x, constantOperand(ctx, by)));
      expect(
        wrong(
          VALUES[type],
          [by],
          asUnsigned((a) => got(a)),
          expected,
        ),
      ).toEqual([]);
    }
    for (const constant of VALUES[type]) {
      const got = compile(['i64'], (ctx, y) =>
        binaryOperator(ctx, operator, constantOperand(ctx, constant), y),
      );
      expect(
        wrong(
          [constant],
          amounts,
          asUnsigned((_, b) => got(b)),
          expected,
        ),
      ).toEqual([]);
    }
    const both = (a: unknown, b: unknown) =>
      evaluate((ctx) => binaryOperator(ctx, operator, constantOperand(ctx, a), constantOperand(ctx, b)));
    expect(wrong(CONSTANTS, amounts, both, operation(operator))).toEqual([]);
  });

  test('by more bits than a bigint can have fails as in JavaScript', () => {
    const got = compile(['i64', 'i64'], (ctx, x, y) => binaryOperator(ctx, operator, x, y));
    const far = operator === '<<' ? 2n ** 40n : -(2n ** 40n);
    expect(() => got(1n, far)).toThrow(RangeError);
    expect(() => operation(operator)(1n as never, far as never)).toThrow(RangeError);
    expect(got(0n, far)).toBe(0n);
  });
});

test('** takes small constant exponents', () => {
  for (const exponent of [0n, 1n, 2n, 5n, 64n]) {
    const got = compile(['i64'], (ctx, x) => binaryOperator(ctx, '**', x, constantOperand(ctx, exponent)));
    expect(
      wrong(
        I64S,
        [exponent],
        asUnsigned((a) => got(a)),
        modulo(operation('**')),
      ),
    ).toEqual([]);
  }
  expect(
    evaluate((ctx) => binaryOperator(ctx, '**', constantOperand(ctx, 2n), constantOperand(ctx, 64n))),
  ).toBe(2n ** 64n);
  expect(refusal(['i64', 'i64'], (ctx, x, y) => binaryOperator(ctx, '**', x, y))).toMatch(
    /constant exponent/,
  );
});

describe.each(COMPARISONS)('a %s b', (operator) => {
  const expected = operation(operator);
  test.each(TYPES.flatMap((a) => TYPES.map((b) => [a, b] as const)))('of %s and %s', (a, b) => {
    const got = compile([a, b], (ctx, x, y) => binaryOperator(ctx, operator, x, y));
    expect(wrong(VALUES[a], VALUES[b], got, expected)).toEqual([]);
  });

  test.each(TYPES)('of %s and constants, also numbers', (type) => {
    const numbers = operator.length === 3 ? [] : [...DOUBLES, true, null, undefined];
    for (const constant of [...CONSTANTS, ...numbers]) {
      const right = compile([type], (ctx, x) =>
        binaryOperator(ctx, operator, x, constantOperand(ctx, constant)),
      );
      const left = compile([type], (ctx, x) =>
        binaryOperator(ctx, operator, constantOperand(ctx, constant), x),
      );
      expect(wrong(VALUES[type], [constant], (a) => right(a), expected)).toEqual([]);
      expect(wrong([constant], VALUES[type], (_, b) => left(b), expected)).toEqual([]);
    }
  });

  test.each(TYPES)('of %s and integers', (type) => {
    if (operator.length === 3) return;
    for (const [rep, values] of [
      ['i32', INTS],
      ['u32', UINTS],
    ] as const) {
      const got = compile([type, rep], (ctx, x, y) => binaryOperator(ctx, operator, x, y));
      expect(wrong([...VALUES[type], 1000n, 3_000_000_001n], values, got, expected)).toEqual([]);
      const flipped = compile([rep, type], (ctx, x, y) => binaryOperator(ctx, operator, x, y));
      expect(wrong(values, [...VALUES[type], 1000n], flipped, expected)).toEqual([]);
    }
  });
});

test('- and ~ and ++ and --', () => {
  for (const type of TYPES) {
    for (const operator of ['-', '~']) {
      const got = compile([type], (ctx, x) => unaryOperator(ctx, operator, x));
      const expected = new Function('a', `return BigInt.asUintN(64, ${operator}a)`) as Operation;
      expect(
        wrong(
          VALUES[type],
          [0],
          asUnsigned((a) => got(a)),
          expected,
        ),
      ).toEqual([]);
    }
    for (const [operator, by] of [
      ['++', 1n],
      ['--', -1n],
    ] as const) {
      const got = compile([type], (ctx, x) => stepped(ctx, operator, x));
      const expected = (a: bigint) => BigInt.asUintN(64, a + by);
      expect(
        wrong(
          VALUES[type],
          [0],
          asUnsigned((a) => got(a)),
          expected as Operation,
        ),
      ).toEqual([]);
    }
  }
});

describe('BigInt', () => {
  test.each(['asIntN', 'asUintN'] as const)('%s() cuts to any width up to 64 bits', (name) => {
    for (const width of [0, 1, 7, 8, 31, 32, 33, 63, 64]) {
      const call = (ctx: LowerContext, x: Operand) => member(ctx, `BigInt.${name}`, numberConstant(width), x);
      for (const type of TYPES) {
        const got = compile([type], (ctx, x) => call(ctx, x));
        expect(
          wrong(VALUES[type], [width], (a) => got(a), ((a: bigint, b: number) =>
            BigInt[name](b, a)) as Operation),
        ).toEqual([]);
      }
      const ofProduct = compile(['i64', 'u64'], (ctx, x, y) => call(ctx, binaryOperator(ctx, '*', x, y)));
      expect(
        wrong(I64S, U64S, ofProduct, ((a: bigint, b: bigint) => BigInt[name](width, a * b)) as Operation),
      ).toEqual([]);
    }
  });

  test('asIntN() and asUintN() of more than 64 bits take what is exact', () => {
    const wide = (kind: 'i64' | 'u64' | 'modular', name: string) =>
      refusal([kind], (ctx, x) => member(ctx, `BigInt.${name}`, numberConstant(100), x));
    expect([wide('i64', 'asIntN'), wide('u64', 'asIntN'), wide('u64', 'asUintN')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(wide('i64', 'asUintN')).toMatch(/more than 64 bits/);
    expect(wide('modular', 'asIntN')).toMatch(/more than 64 bits/);
  });

  test('BigInt() of numbers is exact modulo 2^64, and fails for fractions', () => {
    for (const rep of ['f64', 'i32', 'u32', 'bool'] as const) {
      const got = compile([rep], (ctx, x) => member(ctx, 'BigInt', x));
      const expected = (a: number) => BigInt.asUintN(64, BigInt(a));
      expect(
        wrong(
          VALUES[rep],
          [0],
          asUnsigned((a) => got(a)),
          expected as Operation,
        ),
      ).toEqual([]);
    }
    for (const constant of DOUBLES) {
      const got = compile([], (ctx) => member(ctx, 'BigInt', numberConstant(constant)));
      expect(wrong([constant], [0], () => got(), BigInt as Operation)).toEqual([]);
    }
  });

  test('Number() of a bigint rounds as JavaScript does', () => {
    for (const type of TYPES) {
      const got = compile([type], (ctx, x) => member(ctx, 'Number', x));
      expect(
        wrong(
          [...VALUES[type], 2n ** 60n + 65n, 2n ** 62n + 2n ** 9n],
          [0],
          (a) => got(a),
          Number as Operation,
        ),
      ).toEqual([]);
    }
    expect(evaluate((ctx) => member(ctx, 'Number', constantOperand(ctx, 2n ** 80n)))).toBe(2 ** 80);
    expect(refusal(['modular'], (ctx, x) => member(ctx, 'Number', x))).toMatch(/asIntN/);
  });
});

test('bigints and numbers are not mixed', () => {
  expect(refusal(['i64', 'f64'], (ctx, x, y) => binaryOperator(ctx, '+', x, y))).toMatch(
    /`\+` is given a bigint together/,
  );
  expect(refusal(['i64'], (ctx, x) => unaryOperator(ctx, '+', x))).toMatch(/a bigint is used as a number/);
  expect(refusal(['i64', 'i64'], (ctx, x, y) => binaryOperator(ctx, '>>>', x, y))).toMatch(/TypeError/);
  expect(refusal(['i64', 'f64'], (ctx, x, y) => binaryOperator(ctx, '<', x, y))).toMatch(
    /may have a fraction/,
  );
});
