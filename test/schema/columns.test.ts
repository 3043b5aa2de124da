// Columns: what fits without looking, what is refused with its row, and that all is checked first.
import { describe, expect, test } from 'vitest';
import {
  array,
  bool,
  createCodec,
  f32,
  f64,
  i64,
  struct,
  text,
  u8,
  u32,
  u53,
} from '../../src/schema/index.js';
import { AT, ground, thrownBy } from './harness.js';

const site = ground();
const Reading = struct({ sensorId: u32, value: f64, timestamp: u53 }, 'Reading');
const readings = createCodec(Reading, site.memory, site.texts);
const good = {
  sensorId: [1, 2, 3],
  value: Float64Array.of(1.5, 2.5, Number.NaN),
  timestamp: [10, 20, 2 ** 40],
};

describe('columns', () => {
  test('of arrays and typed arrays become records, any run of them at a time', () => {
    const batch = readings.columns(good);
    expect(batch.length).toBe(3);
    batch.write(AT, 1, 2);
    expect([readings.decode(AT), readings.decode(AT + 3)]).toEqual([
      { sensorId: 2, value: 2.5, timestamp: 20 },
      { sensorId: 3, value: Number.NaN, timestamp: 2 ** 40 },
    ]);
  });

  test('of nested structs are columns within columns; arrays are rows, or one typed array', () => {
    const Level = struct({ price: i64, tag: text });
    const S = struct({
      at: struct({ x: f32, ok: bool }),
      pair: array(u8, 2),
      grid: array(array(f64, 2), 2),
      levels: array(Level, 2),
    });
    const codec = createCodec(S, site.memory, site.texts);
    const level = (n: number) => ({ price: BigInt(n), tag: `level ${n}` });
    const batch = codec.columns({
      at: { x: Float32Array.of(0.5, 1.5), ok: [true, false] },
      pair: Uint8Array.of(1, 2, 3, 4),
      grid: [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
      levels: [
        [level(1), level(2)],
        [level(3), level(4)],
      ],
    });
    batch.write(AT, 0, 2);
    expect(codec.decode(AT + S.layout.words)).toEqual({
      at: { x: 1.5, ok: false },
      pair: [3, 4],
      grid: [
        [5, 6],
        [7, 8],
      ],
      levels: [level(3), level(4)],
    });
    const flat = codec.columns({
      at: { x: [1], ok: [true] },
      pair: [Uint8Array.of(9, 8)],
      grid: Float64Array.of(1, 2, 3, 4) as never,
      levels: [[level(1), level(2)]],
    });
    flat.write(AT, 0, 1);
    expect(codec.decode(AT)).toMatchObject({
      pair: [9, 8],
      grid: [
        [1, 2],
        [3, 4],
      ],
    });
  });

  test.each([
    [
      'a missing one',
      { ...good, value: undefined },
      'COLUMN_MISSING',
      'Cannot encode columns of Reading: field value takes an array or a typed array, got undefined',
    ],
    [
      'a string',
      { ...good, value: 'abc' },
      'COLUMN_MISSING',
      'Cannot encode columns of Reading: field value takes an array or a typed array, got "abc"',
    ],
    [
      'none at all',
      null,
      'COLUMN_MISSING',
      'Cannot encode columns of Reading: field sensorId takes an array or a typed array, got undefined',
    ],
    [
      'another length',
      { ...good, timestamp: [1] },
      'COLUMN_LENGTH',
      'Cannot encode columns of Reading: field timestamp has 1 values, the columns before it 3',
    ],
    [
      'a number too large',
      { ...good, sensorId: [1, 2, 2 ** 32] },
      'FIELD_RANGE',
      'Cannot encode Reading (row 2): field sensorId is 4294967296, u32 holds whole numbers from 0 to 4294967295',
    ],
    [
      'a typed array that does not fit',
      { ...good, sensorId: Int32Array.of(1, -1, 0) },
      'FIELD_RANGE',
      'Cannot encode Reading (row 1): field sensorId is -1, u32 holds whole numbers from 0 to 4294967295',
    ],
    [
      'a hole',
      { ...good, value: [1, undefined, 2] },
      'FIELD_MISSING',
      'Cannot encode Reading (row 1): field value is missing',
    ],
    [
      'another type',
      { ...good, value: [1, 2, '3'] },
      'FIELD_TYPE',
      'Cannot encode Reading (row 2): field value takes a number (f64), got "3"',
    ],
    [
      'bigints for numbers',
      { ...good, timestamp: BigUint64Array.of(1n, 2n, 3n) },
      'FIELD_TYPE',
      'Cannot encode Reading (row 0): field timestamp takes a number (u53), got 1n',
    ],
  ])('with %s are refused', (_, columns, code, message) => {
    expect(thrownBy(() => readings.columns(columns as never))).toMatchObject({ code, message });
  });

  test('with bad elements of arrays are refused with row and element', () => {
    const S = struct({ name: text, pair: array(u8, 2) }, 'S');
    const codec = createCodec(S, site.memory, site.texts);
    const size = site.texts.size;
    const refused = (pair: unknown) =>
      thrownBy(() => codec.columns({ name: ['fresh', 'texts'], pair } as never)).message;
    expect(refused([[1, 2], [3]])).toBe(
      'Cannot encode S (row 1): field pair has 1 elements, its array holds 2',
    );
    expect(
      refused([
        [1, 2],
        [3, 256],
      ]),
    ).toMatch(/^Cannot encode S \(row 1\): field pair\[1\] is 256/);
    expect(refused(Uint16Array.of(1, 2, 256, 3))).toMatch(
      /^Cannot encode S \(row 1\): field pair\[0\] is 256/,
    );
    expect(refused(Uint8Array.of(1, 2, 3))).toMatch(/field pair has 1.5 values/);
    expect(site.texts.size).toBe(size);
  });

  test('whose texts the table has no room for are refused before any is written', () => {
    const small = ground({ maxTexts: 2, maxBytes: 100 });
    const codec = createCodec(struct({ name: text }), small.memory, small.texts);
    expect(thrownBy(() => codec.columns({ name: ['a', 'b', 'c'] }))).toMatchObject({
      code: 'TEXT_TABLE_FULL',
    });
    const batch = codec.columns({ name: ['a', 'b', 'a'] });
    batch.write(AT, 0, 3);
    expect([0, 1, 2].map((i) => codec.decode(AT + i).name)).toEqual(['a', 'b', 'a']);
  });

  test('may be named in messages', () => {
    expect(
      thrownBy(() => readings.columns({ ...good, value: ['x', 1, 1] } as never, 'source readings')).message,
    ).toBe('Cannot encode source readings (row 0): field value takes a number (f64), got "x"');
  });
});
