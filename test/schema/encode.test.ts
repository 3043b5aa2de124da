// Encoding: the limits of every field type, refusals with their messages, and that a refusal writes nothing.
import { describe, expect, test } from 'vitest';
import {
  array,
  bool,
  createCodec,
  f32,
  f64,
  i64,
  type ScalarName,
  type Struct,
  scalars,
  struct,
  text,
  u8,
  u32,
  u53,
  u64,
} from '../../src/schema/index.js';
import { AT, bytesAt, ground, thrownBy } from './harness.js';

const site = ground();
const codecOf = <T>(s: Struct<T>) => createCodec(s, site.memory, site.texts);

const Reading = struct({ sensorId: u32, value: f64, timestamp: u53 }, 'Reading');
const F32_MAX = 3.4028234663852886e38;
const TWO_63 = 2n ** 63n;

const held: [ScalarName, unknown[]][] = [
  ['bool', [true, false]],
  ['i8', [-128, 127, 0, -1]],
  ['u8', [0, 255]],
  ['i16', [-32768, 32767]],
  ['u16', [0, 65535]],
  ['i32', [-2147483648, 2147483647]],
  ['u32', [0, 2147483648, 4294967295]],
  ['f32', [0.5, -0, Number.NaN, Infinity, -Infinity, F32_MAX, -F32_MAX, 1.401298464324817e-45]],
  ['f64', [0.1, -0, Number.NaN, Infinity, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE]],
  ['i53', [Number.MIN_SAFE_INTEGER, -4294967297, -4294967296, -1, 0, 4294967296, Number.MAX_SAFE_INTEGER]],
  ['u53', [0, 4294967295, 4294967296, Number.MAX_SAFE_INTEGER]],
  ['i64', [-TWO_63, TWO_63 - 1n, -1n, 0n]],
  ['u64', [0n, 2n * TWO_63 - 1n]],
  ['text', ['', 'a', 'é', '😀', '\ud800', '\0']],
];

const tooFar: [ScalarName, unknown[]][] = [
  ['i8', [-129, 128, 0.5, Number.NaN, Infinity]],
  ['u8', [-1, 256, 0.5]],
  ['i16', [-32769, 32768]],
  ['u16', [-1, 65536]],
  ['i32', [-2147483649, 2147483648, 2 ** 40]],
  ['u32', [-1, 4294967296, 0.5, Number.NaN, -Infinity]],
  ['f32', [3.4028235677973366e38, -3.4028235677973366e38, Number.MAX_VALUE]],
  ['i53', [2 ** 53, -(2 ** 53), 0.5, Number.NaN, Infinity]],
  ['u53', [2 ** 53, -1, 0.5, Number.NaN]],
  ['i64', [TWO_63, -TWO_63 - 1n]],
  ['u64', [2n * TWO_63, -1n]],
];

const NOT_NUMBERS = [null, '1', 1n, true, {}, [], Symbol('s'), () => 1, new Date(0)];
const wrong: [ScalarName, unknown[]][] = (Object.keys(scalars) as ScalarName[]).map((name) => {
  if (name === 'bool') return [name, [0, 1, 'true', null, {}]];
  if (name === 'text') return [name, [0, null, {}, Symbol('s'), ['a']]];
  return [name, name === 'i64' || name === 'u64' ? [0, '1', null, true, {}] : NOT_NUMBERS];
});

// The same in straight code and in the loops of long records.
const shapes: [
  string,
  (name: ScalarName) => {
    s: Struct;
    put: (value: unknown) => object;
    get: (o: object) => unknown;
    path: string;
  },
][] = [
  [
    'a field',
    (name) => ({
      s: struct({ before: u8, it: scalars[name], after: u8 }, 'S'),
      put: (it) => ({ before: 1, it, after: 2 }),
      get: (o) => (o as { it: unknown }).it,
      path: 'it',
    }),
  ],
  [
    'a long record',
    (name) => {
      const s = struct(
        { before: array(u8, 60), rows: array(struct({ pair: array(scalars[name], 2) }), 3) },
        'S',
      );
      const before = new Uint8Array(60);
      const good = held.find(([type]) => type === name)?.[1][0];
      return {
        s,
        put: (it) => ({
          before,
          rows: [{ pair: [good, good] }, { pair: [good, it] }, { pair: [good, good] }],
        }),
        get: (o) => (o as { rows: { pair: unknown[] }[] }).rows[1]?.pair[1],
        path: 'rows[1].pair[1]',
      };
    },
  ],
];

describe.each(shapes)('in %s', (_, shape) => {
  test.each(held)('%s holds its limits', (name, values) => {
    const { s, put, get } = shape(name);
    const codec = codecOf(s);
    for (const value of values) {
      codec.encode(AT, put(value));
      expect(get(codec.decode(AT) as object)).toBe(value);
    }
  });

  test.each(tooFar)(
    '%s refuses numbers beyond them with a RangeError, and writes nothing',
    (name, values) => {
      const { s, put, path } = shape(name);
      const codec = codecOf(s);
      for (const value of values) {
        site.memory.u8.fill(0x5a, 8 * AT, 8 * AT + s.layout.bytes);
        const error = thrownBy(() => codec.encode(AT, put(value)));
        expect(error).toBeInstanceOf(RangeError);
        expect(error).toMatchObject({ code: 'FIELD_RANGE', struct: 'S', field: path, value });
        expect(bytesAt(site, AT, s).every((byte) => byte === 0x5a)).toBe(true);
      }
    },
  );

  test.each(wrong)(
    '%s refuses values of other types with a TypeError, and writes nothing',
    (name, values) => {
      const { s, put, path } = shape(name);
      const codec = codecOf(s);
      for (const value of values) {
        site.memory.u8.fill(0x5a, 8 * AT, 8 * AT + s.layout.bytes);
        const error = thrownBy(() => codec.encode(AT, put(value)));
        expect(error).toBeInstanceOf(TypeError);
        expect(error).toMatchObject({ code: 'FIELD_TYPE', struct: 'S', field: path, value });
        expect(bytesAt(site, AT, s).every((byte) => byte === 0x5a)).toBe(true);
      }
      expect(thrownBy(() => codec.encode(AT, put(undefined)))).toMatchObject({
        code: 'FIELD_MISSING',
        field: path,
      });
    },
  );

  test.each(['u8', 'i32', 'u53', 'i53'] as const)('%s takes -0 for 0', (name) => {
    const { s, put, get } = shape(name);
    const codec = codecOf(s);
    codec.encode(AT, put(-0));
    expect(get(codec.decode(AT) as object)).toBe(0);
  });
});

describe('a refusal says what, where and why', () => {
  const Nested = struct(
    { name: text, pos: struct({ x: f32, ok: bool }, 'Pos'), levels: array(u64, 2) },
    'Nested',
  );
  const good = { name: 'a', pos: { x: 1, ok: true }, levels: [1n, 2n] };
  const cases: [string, Struct<never>, unknown][] = [
    ['Cannot encode Reading: field value is missing', Reading as never, { sensorId: 1, timestamp: 1 }],
    [
      'Cannot encode Reading: field value takes a number (f64), got "ten"',
      Reading as never,
      { sensorId: 1, value: 'ten', timestamp: 1 },
    ],
    [
      'Cannot encode Reading: field sensorId is 4294967296, u32 holds whole numbers from 0 to 4294967295',
      Reading as never,
      { sensorId: 2 ** 32, value: 1, timestamp: 1 },
    ],
    [
      'Cannot encode Reading: field timestamp is 1.5, u53 holds whole numbers from 0 to 9007199254740991',
      Reading as never,
      { sensorId: 1, value: 1, timestamp: 1.5 },
    ],
    ['Cannot encode Reading: expected a record, got null', Reading as never, null],
    ['Cannot encode Reading: expected a record, got undefined', Reading as never, undefined],
    ['Cannot encode Reading: expected a record, got 7', Reading as never, 7],
    ['Cannot encode Nested: field pos.x is missing', Nested as never, { ...good, pos: { ok: true } }],
    ['Cannot encode Nested: field pos is missing', Nested as never, { ...good, pos: undefined }],
    ['Cannot encode Nested: field pos takes a record (Pos), got 1', Nested as never, { ...good, pos: 1 }],
    [
      'Cannot encode Nested: field levels takes an array (u64[2]), got an object',
      Nested as never,
      { ...good, levels: {} },
    ],
    [
      'Cannot encode Nested: field levels has 3 elements, its array holds 2',
      Nested as never,
      { ...good, levels: [1n, 2n, 3n] },
    ],
    [
      'Cannot encode Nested: field levels[1] is -1n, u64 holds bigints from 0n to 18446744073709551615n',
      Nested as never,
      { ...good, levels: [1n, -1n] },
    ],
    [
      'Cannot encode Nested: field pos.ok takes a boolean (bool), got 1',
      Nested as never,
      { ...good, pos: { x: 1, ok: 1 } },
    ],
    [
      'Cannot encode Nested: field name takes a string (text), got 5n',
      Nested as never,
      { ...good, name: 5n },
    ],
  ];

  test.each(cases)('%s', (message, s, record) => {
    expect(thrownBy(() => codecOf(s).encode(AT, record as never)).message).toBe(message);
  });

  test('a record whose getters change their minds is refused, too', () => {
    let asked = 0;
    const record = {
      sensorId: 1,
      timestamp: 1,
      get value() {
        return asked++ === 0 ? ('x' as unknown as number) : 1;
      },
    };
    expect(thrownBy(() => codecOf(Reading).encode(AT, record))).toMatchObject({ code: 'RECORD_CHANGED' });
  });
});

describe('texts', () => {
  test.each([
    ['a short record', struct({ name: text, n: u8 }), (name: unknown, n: number) => ({ name, n })],
    [
      'a long record',
      struct({ names: array(text, 60), n: u8 }),
      (name: unknown, n: number) => ({ names: Array.from({ length: 60 }, (_, i) => `${name} ${i}`), n }),
    ],
  ])('of %s that is refused are not interned', (_, s, make) => {
    const size = site.texts.size;
    thrownBy(() => codecOf(s as Struct<unknown>).encode(AT, make('never seen', 256)));
    expect(site.texts.size).toBe(size);
  });

  test('that the table has no room for are refused before anything is written', () => {
    const small = ground({ maxTexts: 2, maxBytes: 100 });
    const S = struct({ a: text, n: u32, b: text });
    const codec = createCodec(S, small.memory, small.texts);
    codec.encode(AT, { a: 'x', n: 1, b: 'y' });
    expect(thrownBy(() => codec.encode(AT, { a: 'y', n: 2, b: 'z' }))).toMatchObject({
      code: 'TEXT_TABLE_FULL',
    });
    expect(codec.decode(AT)).toEqual({ a: 'x', n: 1, b: 'y' });
  });
});

test('encode() takes typed arrays for fixed arrays and ignores other properties', () => {
  const S = struct({ a: array(f64, 3), b: array(i64, 2) });
  const codec = codecOf(S);
  const record = { a: Float64Array.of(1, 2, 3) as never, b: BigInt64Array.of(-1n, 2n) as never, c: 1 };
  codec.encode(AT, record);
  expect(codec.decode(AT)).toEqual({ a: [1, 2, 3], b: [-1n, 2n] });
});
