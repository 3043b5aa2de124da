// Structs: names, alignment, fingerprints, and what can't be defined.
import { describe, expect, test } from 'vitest';
import {
  array,
  bool,
  f32,
  f64,
  i16,
  i32,
  i64,
  isStruct,
  type Struct,
  struct,
  text,
  u8,
  u16,
  u32,
  u53,
  u64,
} from '../../src/schema/index.js';
import { thrownBy } from './harness.js';

const offsets = (s: Struct) => Object.fromEntries(s.layout.fields.map((field) => [field.name, field.offset]));

describe('the layout of a struct', () => {
  test('places the fields of a market-by-order record in 48 bytes', () => {
    const Mbo = struct({
      ts: u64,
      orderId: u64,
      price: i64,
      size: u32,
      instrumentId: u32,
      tsRecv: u64,
      action: u8,
      side: u8,
    });
    expect(Mbo.layout.bytes).toBe(48);
    expect(Mbo.layout.words).toBe(6);
    expect(offsets(Mbo)).toEqual({
      ts: 0,
      orderId: 8,
      price: 16,
      size: 24,
      instrumentId: 28,
      tsRecv: 32,
      action: 40,
      side: 41,
    });
  });

  test('aligns each scalar to its size, in the declared order', () => {
    const S = struct({ a: bool, b: f64, c: u8, d: i16, e: u8, f: f32, g: text, h: u53, i: bool });
    expect(offsets(S)).toEqual({ a: 0, b: 8, c: 16, d: 18, e: 20, f: 24, g: 28, h: 32, i: 40 });
    expect(S.layout.bytes).toBe(48);
  });

  test('starts nested structs on words and packs arrays of scalars', () => {
    const Inner = struct({ x: u8 });
    const S = struct({
      a: u8,
      b: array(u8, 3),
      c: array(u16, 2),
      d: Inner,
      e: u8,
      f: array(Inner, 2),
      g: array(array(f32, 3), 2),
    });
    expect(offsets(S)).toEqual({ a: 0, b: 1, c: 4, d: 8, e: 16, f: 24, g: 40 });
    expect(S.layout.bytes).toBe(64);
  });

  test('pads a record to whole words', () => {
    expect(struct({ a: u8 }).layout).toMatchObject({ words: 1, bytes: 8 });
    expect(struct({ a: f64, b: i32 }).layout).toMatchObject({ words: 2, bytes: 16 });
  });
});

describe('struct()', () => {
  test('makes a frozen, plain value that can be cloned', () => {
    const S = struct({ a: u8, b: struct({ c: text }) }, 'S');
    expect(Object.isFrozen(S) && Object.isFrozen(S.fields) && Object.isFrozen(S.layout.fields)).toBe(true);
    expect(structuredClone(S)).toEqual(S);
    expect(isStruct(structuredClone(S))).toBe(true);
    expect(S.fields).toMatchObject({
      a: { kind: 'scalar', type: 'u8' },
      b: { kind: 'struct', struct: { kind: 'struct' } },
    });
  });

  test('takes its name, or lists its first fields', () => {
    expect(struct({ a: u8 }, 'S').name).toBe('S');
    expect(struct({ a: u8, b: u8 }).name).toBe('{ a, b }');
    expect(struct({ a: u8, b: u8, c: u8, d: u8, e: u8 }).name).toBe('{ a, b, c, d, … }');
  });

  test('gives equal fingerprints to equal layouts only', () => {
    const fingerprints = [
      struct({ a: u8, b: u8 }, 'one'),
      struct({ b: u8, a: u8 }),
      struct({ a: u8, b: u16 }),
      struct({ a: array(u8, 2) }),
      struct({ a: array(u8, 3) }),
      struct({ a: struct({ a: u8 }) }),
      struct({ 'a":u8,"b': u8 }),
    ].map((s) => s.fingerprint);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
    expect(struct({ a: u8, b: u8 }, 'another').fingerprint).toBe(fingerprints[0]);
    expect(struct({ a: struct({ a: u8 }, 'named') }).fingerprint).toBe(fingerprints[5]);
  });

  test.each([
    ['$p', 'Cannot define S: "$p" cannot name a field'],
    ['toJSON', 'Cannot define S: "toJSON" cannot name a field'],
    ['constructor', 'Cannot define S: "constructor" cannot name a field'],
    ['__proto__', 'Cannot define S: "__proto__" cannot name a field'],
    ['', 'Cannot define S: "" cannot name a field'],
  ])('refuses a field named %j', (name, message) => {
    const error = thrownBy(() => struct(Object.fromEntries([[name, u8]]), 'S'));
    expect(error).toMatchObject({ code: 'STRUCT_FIELD_NAME', message });
    expect(error).toBeInstanceOf(TypeError);
  });

  test('refuses what is not a field type', () => {
    expect(thrownBy(() => struct({ a: 'u8' as never }, 'S'))).toMatchObject({
      code: 'STRUCT_FIELD_TYPE',
      message: 'Cannot define S: field a takes a field type, a struct or an array, got "u8"',
    });
    expect(thrownBy(() => struct({ a: undefined as never }, 'S'))).toMatchObject({
      code: 'STRUCT_FIELD_TYPE',
    });
    expect(thrownBy(() => array(Number as never, 2))).toMatchObject({ code: 'STRUCT_FIELD_TYPE' });
  });

  test('refuses a struct without fields and one above 1 MiB', () => {
    expect(thrownBy(() => struct({}, 'S'))).toMatchObject({
      code: 'STRUCT_EMPTY',
      message: 'Cannot define S: a struct has at least 1 field',
    });
    const error = thrownBy(() => struct({ a: array(f64, 131_073) }, 'S'));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe('Cannot define S of 1048584 bytes: a record has at most 1048576');
  });

  test.each([0, -1, 1.5, Number.NaN, 1_048_577])('refuses an array of length %d', (length) => {
    const error = thrownBy(() => array(u8, length));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe(
      `Cannot define an array of length ${length}: it takes a whole number from 1 to 1048576`,
    );
  });
});
