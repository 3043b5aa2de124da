// Records: written from literals, constants and other records, and copied, as the generated record code does.
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { copyBytes } from '../../../src/compiler/lower/bytes.js';
import { coerce } from '../../../src/compiler/lower/coerce.js';
import { constantOperand, fieldPlace, type Place } from '../../../src/compiler/lower/fields.js';
import type { Operand } from '../../../src/compiler/lower/operand.js';
import { materialise, writePlace } from '../../../src/compiler/lower/records.js';
import { fail } from '../../../src/errors/index.js';
import {
  array,
  type FieldType,
  generate,
  RECORD_PRELUDE,
  RecordNames,
  recordSource,
  type Struct,
  scalars,
  struct,
} from '../../../src/schema/index.js';
import { AT, bytesAt, type Ground, ground, recordCode } from '../../schema/harness.js';
import { RUNS, randomStruct, recordOf } from '../../schema/random-structs.js';
import { compile, hidden, literal, placeOf, recordAt, refusal, VALUES } from './kit.js';

let earth: Ground;
beforeAll(() => {
  earth = ground();
});

/** Word addresses of records of tests. */
const [A, B, C] = [AT, AT + 16_384, AT + 32_768];

/** Fills the bytes of a record, padding as well. */
function fill(p: number, { layout }: Struct, byte: number): void {
  earth.memory.u8.fill(byte, 8 * p, 8 * p + layout.bytes);
}

/** Converts the values of a record to such as a field of another type can be stored from: any number, any bigint. */
const anyNumber = fc.oneof(fc.double(), fc.constantFrom(...(VALUES.f64 as number[])), fc.integer());

function loose(type: FieldType): fc.Arbitrary<unknown> {
  if (type.kind === 'array')
    return fc.array(loose(type.element), { minLength: type.length, maxLength: type.length });
  if (type.kind === 'struct')
    return fc.record(
      Object.fromEntries(type.struct.layout.fields.map((field) => [field.name, loose(field.type)])),
      { noNullPrototype: true },
    );
  if (type.type === 'text') return fc.constantFrom('', 'a', 'b', 'new');
  if (type.type === 'i64' || type.type === 'u64') return fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n });
  return fc.oneof(anyNumber, fc.boolean());
}

const unknownLiteral: typeof literal = (ctx, value) => literal(ctx, value, hidden);

describe('records of random structs', () => {
  test('are written from literals and constants as plain objects are', () => {
    const cases = randomStruct().chain((Random) =>
      fc.tuple(fc.constant(Random), loose({ kind: 'struct', struct: Random })),
    );
    fc.assert(
      fc.property(cases, ([Random, value]) => {
        for (const text of ['a', 'b', 'new']) earth.texts.intern(text);
        const code = recordCode(Random, earth);
        for (const make of [literal, constantOperand, unknownLiteral]) {
          fill(A, Random, 0x77);
          fill(B, Random, 0x77);
          compile(
            ['address'],
            (ctx, at) => writePlace(ctx, placeOf(Random, at), make(ctx, value)) as undefined,
            earth,
          )(8 * A);
          code.write(B, value);
          expect(bytesAt(earth, A, Random)).toEqual(bytesAt(earth, B, Random));
        }
      }),
      RUNS,
    );
  });

  test('are copied, and nothing beside them', () => {
    const cases = randomStruct().chain((Random) => fc.tuple(fc.constant(Random), recordOf(Random)));
    fc.assert(
      fc.property(cases, ([Random, record]) => {
        const code = recordCode(Random, earth);
        for (const text of textsIn(record)) earth.texts.intern(text);
        code.write(B, record);
        const around = struct({ before: scalars.u8, own: Random, after: scalars.u8 }, 'Around');
        const own = (at: Operand | undefined) => fieldPlace(recordAt(around, at), 'own') as Place;
        fill(A, around, 0x33);
        compile(
          ['address', 'address'],
          (ctx, to, from) => writePlace(ctx, own(to), recordAt(Random, from)) as undefined,
          earth,
        )(8 * A, 8 * B);
        expect(bytesAt(earth, A + 1, Random)).toEqual(bytesAt(earth, B, Random));
        const outside = bytesAt(earth, A, around);
        expect([...outside.slice(0, 8), ...outside.slice(-8)]).toEqual(Array(16).fill(0x33));
      }),
      RUNS,
    );
  });

  test('are written from records of other types with the same names', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 40 }), (seed, length) => {
        const names = ['bool', 'i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'f32', 'f64', 'i53', 'u53'] as const;
        let state = seed;
        const pick = <T>(list: readonly T[]): T => {
          state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
          return list[(state >>> 16) % list.length] as T;
        };
        const shape = (): Struct<unknown> => {
          const Inner = struct({ z: scalars[pick(names)], y: scalars[pick(names)] }, 'Inner');
          return struct(
            {
              ...(pick([true, false]) ? { only: scalars.u8 } : {}),
              a: scalars[pick(names)],
              list: array(scalars[pick(names)], length),
              inner: Inner,
              inners: array(Inner, length),
              t: scalars.text,
              big: scalars[pick(['i64', 'u64'] as const)],
            },
            'Shape',
          ) as Struct<unknown>;
        };
        const [To, From] = [shape(), shape()];
        const from = recordCode(From, earth);
        earth.texts.intern('a');
        const number = () => pick(VALUES.f64) as number;
        const inner = () => ({ z: number(), y: number() });
        from.write(C, {
          only: 1,
          a: number(),
          list: Array.from({ length }, number),
          inner: inner(),
          inners: Array.from({ length }, inner),
          t: 'a',
          big: pick(VALUES.i64),
        });
        fill(A, To, 0x44);
        fill(B, To, 0x44);
        compile(
          ['address', 'address'],
          (ctx, at, other) => writePlace(ctx, placeOf(To, at), recordAt(From, other)) as undefined,
          earth,
        )(8 * A, 8 * C);
        writer(To, From)(B, C);
        expect(bytesAt(earth, A, To)).toEqual(bytesAt(earth, B, To));
      }),
      RUNS,
    );
  });

  test('are what coerced literals are', () => {
    const cases = randomStruct().chain((Random) =>
      fc.tuple(fc.constant(Random), loose({ kind: 'struct', struct: Random })),
    );
    fc.assert(
      fc.property(cases, ([Random, value]) => {
        for (const text of ['a', 'b', 'new']) earth.texts.intern(text);
        const code = recordCode(Random, earth);
        const type: FieldType = { kind: 'struct', struct: Random };
        code.write(B, value);
        for (const number of [constantOperand, hidden]) {
          compile(
            ['address'],
            (ctx, at) => {
              const coerced = coerce(ctx, type, literal(ctx, value, number));
              return writePlace(ctx, placeOf(Random, at), coerced) as undefined;
            },
            earth,
          )(8 * A);
          expect(code.same(A, B)).toBe(true);
        }
      }),
      RUNS,
    );
  });
});

/** Stores a view of one type as another: words of parts that both have go over as they are. */
function writer(To: Struct, From: Struct): (to: number, from: number) => void {
  const names = new RecordNames();
  const [to, from] = [names.struct(To), names.struct(From)];
  const source = `${RECORD_PRELUDE}${recordSource(To, to, { names })}${recordSource(From, from, { names })}
return (to, from) => write${to}(to, new V${from}(from));`;
  const { memory, texts } = earth;
  return generate<(env: object) => ReturnType<typeof writer>>(
    'a test',
    ['env'],
    source,
  )({ memory, texts, fail });
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

describe('what can not be stored is refused', () => {
  const Inner = struct({ a: scalars.u8 }, 'Inner');
  const Outer = struct(
    { inner: Inner, list: array(scalars.u8, 3), t: scalars.text, big: scalars.i64, n: scalars.f64 },
    'Outer',
  );
  const fine = { inner: { a: 1 }, list: [1, 2, 3], t: '', big: 1n, n: 1 };
  test.each([
    [{ inner: undefined }, 'undefined is stored as a record'],
    [{ inner: 5 }, 'a number is stored as a record'],
    [{ list: [1, 2] }, 'an array of 2 is stored where there is one of 3'],
    [{ list: 'abc' }, 'a text is stored as an array'],
    [{ t: 1 }, 'a number is stored as a text'],
    [{ t: undefined }, 'undefined is stored as a text'],
    [{ big: 1 }, 'a number is stored as a bigint'],
    [{ n: 1n }, 'a bigint is used as a number'],
    [{ n: 'a' }, 'a text is used as a number'],
    [{ n: { a: 1 } }, 'an object is used as a number'],
  ])('%o: %s', (change, reason) => {
    const write = (value: unknown) =>
      refusal(
        ['address'],
        (ctx, at) => writePlace(ctx, placeOf(Outer, at), literal(ctx, value)) as undefined,
      );
    expect(write(fine)).toBe(undefined);
    expect(write({ ...fine, ...change })).toBe(reason);
  });
});

test('materialise() keeps a record where it is, and stores literals in scratch memory of their own', () => {
  const Point = struct({ x: scalars.f64, y: scalars.i16 }, 'Point');
  const code = recordCode(Point, earth);
  code.write(A, { x: 1.5, y: 7 });
  const both = compile(
    ['address'],
    (ctx, at) => {
      const own = materialise(ctx, Point, recordAt(Point, at));
      expect(own).toEqual(recordAt(Point, at));
      const [a, b] = [literal(ctx, { x: 0.5, y: 65_537 }), literal(ctx, { x: 2, y: 3 })].map((one) =>
        materialise(ctx, Point, one),
      );
      expect(a?.offset).not.toBe(b?.offset);
      writePlace(ctx, placeOf(Point, at), a as Operand);
      return undefined;
    },
    earth,
  );
  both(8 * A);
  expect(code.read(A)).toEqual({ x: 0.5, y: 1 });
});

test('copyBytes() copies stretches of any length, and nothing beside them', () => {
  for (const bytes of [1, 3, 7, 8, 15, 31, 250, 256, 257, 1000]) {
    const { u8 } = earth.memory;
    u8.fill(1, 8 * A, 8 * A + bytes + 16);
    for (let i = 0; i < bytes; i++) u8[8 * B + i] = i % 251;
    compile(
      ['address', 'address'],
      (ctx, to, from) => {
        if (to.kind !== 'number' || from.kind !== 'number') throw new Error('no addresses');
        copyBytes(ctx.builder, { address: to.value, offset: 8 }, { address: from.value, offset: 0 }, bytes);
        return undefined;
      },
      earth,
    )(8 * A, 8 * B);
    expect([...u8.subarray(8 * A, 8 * A + bytes + 16)]).toEqual([
      ...Array(8).fill(1),
      ...Array.from({ length: bytes }, (_, i) => i % 251),
      ...Array(8).fill(1),
    ]);
  }
});
