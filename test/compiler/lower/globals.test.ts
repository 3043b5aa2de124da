// Globals: all of Math, the predicates of Number and conversions agree with JavaScript.
import { describe, expect, test } from 'vitest';
import { isAllowedGlobal } from '../../../src/compiler/analyse/globals.js';
import type { LowerContext } from '../../../src/compiler/lower/context.js';
import { constantOperand } from '../../../src/compiler/lower/fields.js';
import { globalOperand } from '../../../src/compiler/lower/globals.js';
import type { Operand } from '../../../src/compiler/lower/operand.js';
import { compile, DOUBLES, evaluate, I64S, INTS, refusal, textNumber, VALUES, wrong } from './kit.js';

/** Calls `Math.max` and the like. */
function call(ctx: LowerContext, path: string, ...args: Operand[]): Operand {
  const [name = '', key = '()'] = path.split('.');
  const namespace = globalOperand(ctx, name);
  const fn = namespace?.kind === 'namespace' ? namespace.member(key) : namespace;
  if (fn?.kind !== 'known') throw new Error(`no ${path}`);
  return fn.call(args);
}

const math = Math as unknown as Record<string, (...args: never[]) => number>;
const FUNCTIONS = Object.getOwnPropertyNames(Math).filter(
  (name) => typeof math[name] === 'function' && name !== 'random' && name !== 'sumPrecise',
);
const REPS = ['f64', 'i32', 'u32', 'bool'] as const;

describe.each(FUNCTIONS)('Math.%s()', (name) => {
  const fn = math[name] as (...args: never[]) => number;
  test.each(REPS)('of one %s', (rep) => {
    const got = compile([rep], (ctx, x) => call(ctx, `Math.${name}`, x));
    expect(wrong(VALUES[rep], [0], (a) => got(a), ((a: never) => fn(a)) as never)).toEqual([]);
  });

  test.each(REPS.flatMap((a) => REPS.map((b) => [a, b] as const)))('of %s and %s', (a, b) => {
    const got = compile([a, b], (ctx, x, y) => call(ctx, `Math.${name}`, x, y));
    expect(wrong(VALUES[a], VALUES[b], got, ((a: never, b: never) => fn(a, b)) as never)).toEqual([]);
  });

  test('of nothing, of constants, of nothing known', () => {
    expect(evaluate((ctx) => call(ctx, `Math.${name}`))).toBe((fn as () => number)());
    for (const a of [undefined, null, true, -0, 0.5, -2.5, 1e300, Number.NaN]) {
      const got = evaluate((ctx) =>
        call(ctx, `Math.${name}`, constantOperand(ctx, a), constantOperand(ctx, 3)),
      );
      expect(got).toBe(fn(a as never, 3 as never));
    }
  });
});

test.each(['max', 'min', 'hypot'])('Math.%s() takes any number of arguments', (name) => {
  const fn = math[name] as (...args: number[]) => number;
  const three = compile(['f64', 'i32', 'u32'], (ctx, ...xs) => call(ctx, `Math.${name}`, ...xs));
  const same = compile(['i32', 'i32', 'i32'], (ctx, ...xs) => call(ctx, `Math.${name}`, ...xs));
  const mixed = compile(['i32'], (ctx, x) =>
    call(ctx, `Math.${name}`, constantOperand(ctx, 5), x, constantOperand(ctx, -0)),
  );
  for (const a of DOUBLES) {
    for (const b of INTS) {
      expect(three(a, b, 3_000_000_001)).toBe(fn(a, b, 3_000_000_001));
      expect(same(b, 1000, -7)).toBe(fn(b, 1000, -7));
      expect(mixed(b)).toBe(fn(5, b, -0));
    }
  }
});

test('Math has its constants and nothing else', () => {
  const member = (name: string) => (ctx: LowerContext) => {
    const namespace = globalOperand(ctx, 'Math');
    return (namespace?.kind === 'namespace' && namespace.member(name)) || constantOperand(ctx, undefined);
  };
  for (const name of ['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2'])
    expect(evaluate(member(name))).toBe(Math[name as 'PI']);
  for (const name of ['TAU', 'constructor', 'toString']) expect(evaluate(member(name))).toBe(undefined);
});

test('Math.random() is called each time', () => {
  const got = compile([], (ctx) => call(ctx, 'Math.random'));
  const seen = new Set(Array.from({ length: 10 }, () => got()));
  expect(seen.size).toBeGreaterThan(5);
  for (const x of seen) expect(x).toSatisfy((x: number) => x >= 0 && x < 1);
});

describe.each(['isNaN', 'isFinite', 'isInteger', 'isSafeInteger'] as const)('Number.%s()', (name) => {
  test.each(REPS)('of %s', (rep) => {
    const got = compile([rep], (ctx, x) => call(ctx, `Number.${name}`, x));
    expect(wrong(VALUES[rep], [0], (a) => got(a), Number[name] as never)).toEqual([]);
  });

  test('of constants and of what is no number', () => {
    for (const x of [...DOUBLES, null, undefined, true, 1n, 'a', [1]])
      expect(evaluate((ctx) => call(ctx, `Number.${name}`, constantOperand(ctx, x)))).toBe(Number[name](x));
    expect(compile(['i64'], (ctx, x) => call(ctx, `Number.${name}`, x))(5n)).toBe(false);
    expect(evaluate((ctx) => call(ctx, `Number.${name}`))).toBe(false);
  });

  test('of one of several', () => {
    const got = compile(['i32', 'f64'], (ctx, tag, x) => {
      if (tag.kind !== 'number' || x.kind !== 'number') throw new Error('not numbers');
      const union = {
        kind: 'union',
        tag: tag.value,
        alternatives: [constantOperand(ctx, undefined), x],
      } as const;
      return call(ctx, `Number.${name}`, union);
    });
    expect(
      wrong([0, 1], DOUBLES, got, ((tag: number, x: number) => tag === 1 && Number[name](x)) as never),
    ).toEqual([]);
  });
});

describe.each(['isNaN', 'isFinite'] as const)('%s()', (name) => {
  test.each(REPS)('of %s', (rep) => {
    const got = compile([rep], (ctx, x) => call(ctx, name, x));
    expect(wrong(VALUES[rep], [0], (a) => got(a), globalThis[name] as never)).toEqual([]);
  });
  test('of null and undefined', () => {
    for (const x of [null, undefined])
      expect(evaluate((ctx) => call(ctx, name, constantOperand(ctx, x)))).toBe(globalThis[name](x as never));
  });
});

test('Number() and Boolean() convert', () => {
  for (const rep of REPS) {
    expect(
      wrong(
        VALUES[rep],
        [0],
        compile([rep], (ctx, x) => call(ctx, 'Number', x)),
        ((x: unknown) => Number(x)) as never,
      ),
    ).toEqual([]);
    expect(
      wrong(
        VALUES[rep],
        [0],
        compile([rep], (ctx, x) => call(ctx, 'Boolean', x)),
        Boolean as never,
      ),
    ).toEqual([]);
  }
  expect(
    wrong(
      I64S,
      [0],
      compile(['i64'], (ctx, x) => call(ctx, 'Boolean', x)),
      Boolean as never,
    ),
  ).toEqual([]);
  expect(evaluate((ctx) => call(ctx, 'Number'))).toBe(0);
  expect(evaluate((ctx) => call(ctx, 'Number', constantOperand(ctx, undefined)))).toBe(Number.NaN);
  expect(evaluate((ctx) => call(ctx, 'Number', constantOperand(ctx, null)))).toBe(0);
  expect(evaluate((ctx) => call(ctx, 'Boolean'))).toBe(false);
  expect(compile(['text'], (ctx, x) => call(ctx, 'Boolean', x))(0)).toBe(false);
  expect(compile(['text'], (ctx, x) => call(ctx, 'Boolean', x))(7)).toBe(true);
});

test('Number has its constants', () => {
  for (const name of 'EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY'.split(
    ' ',
  )) {
    const got = evaluate((ctx) => {
      const namespace = globalOperand(ctx, 'Number');
      return (namespace?.kind === 'namespace' && namespace.member(name)) || constantOperand(ctx, undefined);
    });
    expect(got).toBe(Number[name as 'EPSILON']);
  }
});

test('String() of a text is that text, of all else a reason', () => {
  expect(compile(['text'], (ctx, x) => call(ctx, 'String', x))(12)).toBe(12);
  expect(compile([], (ctx) => call(ctx, 'String', constantOperand(ctx, 'ab')))()).toBe(textNumber('ab'));
  expect(refusal(['f64'], (ctx, x) => call(ctx, 'String', x))).toBe(
    'String(…) of a number makes a new string',
  );
});

test('Date.now() and performance.now() are called', () => {
  const before = Date.now();
  const now = compile([], (ctx) => call(ctx, 'Date.now'))() as number;
  expect(now).toBeGreaterThanOrEqual(before);
  expect(compile([], (ctx) => call(ctx, 'performance.now'))()).toBeLessThanOrEqual(performance.now());
});

test('there are no globals that the analysis does not know', () => {
  for (const name of [
    'undefined',
    'NaN',
    'Infinity',
    'Math',
    'Number',
    'BigInt',
    'Boolean',
    'String',
    'Object',
    'isNaN',
    'isFinite',
  ]) {
    expect(isAllowedGlobal(name)).toBe(true);
    expect(evaluate((ctx) => globalOperand(ctx, name) ?? constantOperand(ctx, 'missing'))).not.toBe(
      'missing',
    );
  }
  for (const name of ['Map', 'JSON', 'process', 'toString'])
    expect(evaluate((ctx) => globalOperand(ctx, name) ?? constantOperand(ctx, 'missing'))).toBe('missing');
});
