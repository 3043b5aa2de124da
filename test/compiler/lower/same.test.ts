// same(): records are compared as the generated record code does, in memory, as literals, or one of each.
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { same } from '../../../src/compiler/lower/same.js';
import { array, type FieldType, type Struct, scalars, struct } from '../../../src/schema/index.js';
import { AT, type Ground, ground, recordCode } from '../../schema/harness.js';
import { fieldValue, RUNS, randomStruct, recordOf } from '../../schema/random-structs.js';
import { compile, literal, recordAt, refusal } from './kit.js';

let earth: Ground;
beforeAll(() => {
  earth = ground();
});
const [A, B] = [AT, AT + 16_384];

const typeOf = (struct: Struct): FieldType => ({ kind: 'struct', struct });

/** The record with one of its scalars replaced. */
function changed(type: FieldType, value: unknown): fc.Arbitrary<unknown> {
  if (type.kind === 'scalar') return fieldValue(type);
  if (type.kind === 'array') {
    const list = value as unknown[];
    return fc
      .nat({ max: type.length - 1 })
      .chain((i) => changed(type.element, list[i]).map((one) => list.with(i, one)));
  }
  const { fields } = type.struct.layout;
  return fc.nat({ max: fields.length - 1 }).chain((i) => {
    const field = fields[i] as (typeof fields)[number];
    const record = value as Record<string, unknown>;
    return changed(field.type, record[field.name]).map((one) => ({ ...record, [field.name]: one }));
  });
}

function intern(value: unknown): void {
  if (typeof value === 'string') earth.texts.intern(value);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(intern);
}

test('records of random structs are the same where their fields are', () => {
  const cases = randomStruct().chain((Random) =>
    recordOf(Random).chain((a) =>
      fc.tuple(fc.constant(Random), fc.constant(a), fc.oneof(fc.constant(a), changed(typeOf(Random), a))),
    ),
  );
  fc.assert(
    fc.property(cases, ([Random, a, b]) => {
      intern([a, b]);
      const code = recordCode(Random, earth);
      // What lies between the fields counts for nothing.
      earth.memory.u8.fill(0x11, 8 * A, 8 * A + Random.layout.bytes);
      earth.memory.u8.fill(0x22, 8 * B, 8 * B + Random.layout.bytes);
      code.write(A, a);
      code.write(B, b);
      const expected = code.same(A, B);
      const type = typeOf(Random);
      const stored = compile(
        ['address', 'address'],
        (ctx, x, y) => same(ctx, type, recordAt(Random, x), recordAt(Random, y)),
        earth,
      );
      expect(stored(8 * A, 8 * B)).toBe(expected);
      expect(stored(8 * B, 8 * A)).toBe(expected);
      const right = compile(
        ['address'],
        (ctx, x) => same(ctx, type, recordAt(Random, x), literal(ctx, b)),
        earth,
      );
      const left = compile(
        ['address'],
        (ctx, x) => same(ctx, type, literal(ctx, b), recordAt(Random, x)),
        earth,
      );
      expect([right(8 * A), left(8 * A)]).toEqual([expected, expected]);
      const literals = compile([], (ctx) => same(ctx, type, literal(ctx, a), literal(ctx, b)), earth);
      expect(literals()).toBe(expected);
    }),
    RUNS,
  );
});

test('-0 differs from 0 and NaN is one value, whatever its bits; also in long arrays', () => {
  const Doubles = struct(
    { short: array(scalars.f64, 2), long: array(scalars.f64, 50), singles: array(scalars.f32, 20) },
    'Doubles',
  );
  const { f64, f32, u32 } = earth.memory;
  const stored = compile(
    ['address', 'address'],
    (ctx, x, y) => same(ctx, typeOf(Doubles), recordAt(Doubles, x), recordAt(Doubles, y)),
    earth,
  );
  const clear = () => {
    for (const p of [A, B]) f64.fill(0, p, p + Doubles.layout.words);
  };
  for (const word of [0, 1, 2, 51]) {
    clear();
    expect(stored(8 * A, 8 * B)).toBe(true);
    f64[A + word] = -0;
    expect(stored(8 * A, 8 * B)).toBe(false);
    f64[A + word] = Number.NaN;
    u32.set([1, 0xfff8_0000], 2 * (B + word));
    expect(stored(8 * A, 8 * B)).toBe(true);
  }
  clear();
  f32[2 * (A + 52) + 5] = -0;
  expect(stored(8 * A, 8 * B)).toBe(false);
});

test('long records are compared by one function, however often', () => {
  const Long = struct({ list: array(scalars.i32, 100) }, 'Long');
  const sizeOf = (times: number) =>
    compile(
      ['address', 'address'],
      (ctx, x, y) => {
        let result = same(ctx, typeOf(Long), recordAt(Long, x), recordAt(Long, y));
        for (let i = 1; i < times; i++)
          result = same(ctx, typeOf(Long), recordAt(Long, x), recordAt(Long, y));
        return result;
      },
      earth,
    ).bytes;
  expect(sizeOf(3) - sizeOf(2)).toBeLessThan(16);
});

test('what is no record is refused', () => {
  const Point = struct({ x: scalars.f64 }, 'Point');
  expect(refusal(['f64', 'f64'], (ctx, x, y) => same(ctx, typeOf(Point), x, y))).toBe(
    'a number is compared as a record',
  );
});
