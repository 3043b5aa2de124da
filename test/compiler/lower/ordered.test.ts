// What is known of doubles by how they are made.
import { describe, expect, it } from 'vitest';
import { Builder } from '../../../src/compiler/lower/builder.js';
import { binary, type Expression, f64, i32, unary } from '../../../src/compiler/lower/ir.js';
import { isNeverBelowZero, isNeverNaN } from '../../../src/compiler/lower/ordered.js';

const any: Expression = { op: 'load', code: 'f64.load', address: i32(0), offset: 0 };
const count = unary('f64.convert_i32_u', { op: 'load', code: 'i32.load', address: i32(0), offset: 8 });
const signed = unary('f64.convert_i32_s', { op: 'load', code: 'i32.load', address: i32(0), offset: 8 });
const window = unary('f64.floor', binary('f64.div', count, f64(1000)));

describe('isNeverBelowZero()', () => {
  it('knows what comes of unsigned integers', () => {
    const builder = new Builder([]);
    const bound = builder.pin(window, 'bound');
    for (const e of [count, window, f64(0), binary('f64.add', count, window), bound]) {
      expect(isNeverBelowZero(builder, e)).toBe(true);
    }
  });

  it('takes nothing for granted that may be -0 or below', () => {
    const builder = new Builder([]);
    const below = [
      any,
      signed,
      f64(-0),
      f64(-1),
      f64(Number.NaN),
      binary('f64.sub', count, count),
      binary('f64.mul', count, f64(-1)),
      binary('f64.div', count, f64(-0)),
      binary('f64.min', count, signed),
      unary('f64.neg', count),
      unary('f64.ceil', signed),
    ];
    for (const e of below) expect(isNeverBelowZero(builder, e)).toBe(false);
  });
});

describe('isNeverNaN()', () => {
  it('knows integers and what constants make of them, and nothing of what is loaded', () => {
    const builder = new Builder([]);
    expect(isNeverNaN(builder, window)).toBe(true);
    expect(isNeverNaN(builder, any)).toBe(false);
    expect(isNeverNaN(builder, binary('f64.mul', count, f64(0)))).toBe(false);
  });
});
