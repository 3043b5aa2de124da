// defineOperator takes functions only, and tells at once when it gets something else.
import { describe, expect, it } from 'vitest';
import { map, stateful, step } from '../../operators/index.js';
import { f64, struct } from '../../src/index.js';

describe('an operator', () => {
  it.each([
    [undefined, 'undefined'],
    [5, 'a number'],
    ['(r) => r', 'a string'],
  ])('refuses %s where it takes a function', (given, found) => {
    expect(() => map(given as never)).toThrowError(
      expect.objectContaining({
        code: 'NOT_A_FUNCTION',
        message: `Cannot take in project of map: expected a function, got ${found}

Pass an arrow function for it: map(project)`,
      }),
    );
  });

  it('names the function that is missing', () => {
    const key = (r: { v: number }) => r.v;
    expect(() => stateful(key, () => ({ n: 1 }), undefined as never)).toThrowError(/update of stateful/);
  });

  it('may leave out a function that is optional', () => {
    const counted = step(() => {}, { out: struct({ n: f64 }) });
    expect(Object.keys(counted.operators[0]?.functions ?? {})).toEqual(['run']);
  });
});
