// Memory: fields of all types, elements and whole records are read and written as the generated record code does.
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { clearBytes, copyBytes } from '../../../src/compiler/lower/bytes.js';
import { coerce } from '../../../src/compiler/lower/coerce.js';
import {
  constantOperand,
  elementPlace,
  fieldOf,
  fieldPlace,
  operandAt,
  type Place,
} from '../../../src/compiler/lower/fields.js';
import type { ArrayOperand, Operand } from '../../../src/compiler/lower/operand.js';
import { materialise, writePlace } from '../../../src/compiler/lower/records.js';
import { fail } from '../../../src/errors/index.js';
import {
  array,
  type FieldType,
  generate,
  RECORD_PRELUDE,
  RecordNames,
  recordSource,
  type ScalarName,
  type Struct,
  scalars,
  struct,
} from '../../../src/schema/index.js';
import { AT, bytesAt, type Ground, ground, recordCode } from '../../schema/harness.js';
import { RUNS, randomStruct, recordOf } from '../../schema/random-structs.js';
import { compile, type Kind, literal, recordAt, refusal, VALUES } from './kit.js';

let earth: Ground;
beforeAll(() => {
  earth = ground();
});

/** Word addresses of records of tests. */
const [A, B, C] = [AT, AT + 16_384, AT + 32_768];

const placeOf = (struct: Struct, at: Operand | undefined): Place => ({
  ...recordAt(struct, at),
  type: { kind: 'struct', struct },
});

/** Fills the bytes of a record, padding as well. */
function fill(p: number, { layout }: Struct, byte: number): void {
  earth.memory.u8.fill(byte, 8 * p, 8 * p + layout.bytes);
}

const NUMBERS = (['f64', 'i32', 'u32', 'bool'] as const).map((kind): [Kind, readonly unknown[]] => [
  kind,
  VALUES[kind],
]);
const BIGINTS = (['i64', 'u64'] as const).map((kind): [Kind, readonly unknown[]] => [kind, VALUES[kind]]);

const stored = (type: ScalarName): readonly [Kind, readonly unknown[]][] => {
  if (type === 'text') return [['text', [0, 1, 2]]];
  if (type === 'i64' || type === 'u64') return [...BIGINTS, ['bool', [true, false]]];
  return type === 'bool' ? [...NUMBERS, ...BIGINTS] : NUMBERS;
};

describe.each(Object.keys(scalars) as ScalarName[])('a field of type %s', (type) => {
  const Field = struct({ before: scalars.u8, x: scalars[type], after: scalars.u8 }, 'Field');

  test.each(stored(type))('stores and holds what a view does of %s', (kind, values) => {
    for (const text of ['a', 'b']) earth.texts.intern(text);
    const code = recordCode(Field, earth);
    const view = new code.View(B);
    const store = compile(
      ['address', kind],
      (ctx, at, value) =>
        writePlace(ctx, fieldPlace(recordAt(Field, at), 'x') as Place, value as Operand) as undefined,
      earth,
    );
    const load = compile(['address'], (ctx, at) => fieldOf(ctx, recordAt(Field, at), 'x'), earth);
    const held = compile([kind], (ctx, value) => coerce(ctx, scalars[type], value), earth);
    for (const value of values) {
      fill(A, Field, 0xaa);
      fill(B, Field, 0xaa);
      store(8 * A, value);
      view.x = type === 'text' ? earth.texts.string(value as number) : value;
      expect({ value, bytes: bytesAt(earth, A, Field) }).toEqual({ value, bytes: bytesAt(earth, B, Field) });
      const expected = type === 'text' ? view.$id_x : view.x;
      expect({ value, is: load(8 * A) }).toEqual({ value, is: expected });
      expect({ value, is: held(value) }).toEqual({ value, is: expected });
    }
  });

  test('stores and holds constants as a view does', () => {
    const code = recordCode(Field, earth);
    const view = new code.View(B);
    const values =
      type === 'text'
        ? ['', 'a', 'new']
        : [
            ...stored(type).flatMap(([, list]) => list),
            ...(type === 'i64' || type === 'u64' ? [2n ** 64n, -(2n ** 70n) + 5n] : [null, undefined]),
          ];
    for (const value of values) {
      fill(A, Field, 0x55);
      fill(B, Field, 0x55);
      const store = compile(
        ['address'],
        (ctx, at) =>
          writePlace(ctx, placeOf(Field, at), literal(ctx, { before: 1, x: value, after: 2 })) as undefined,
        earth,
      );
      const held = compile([], (ctx) => coerce(ctx, scalars[type], constantOperand(ctx, value)), earth);
      store(8 * A);
      Object.assign(view, { before: 1, x: value, after: 2 });
      expect({ value, bytes: bytesAt(earth, A, Field) }).toEqual({ value, bytes: bytesAt(earth, B, Field) });
      expect({ value, is: held() }).toEqual({ value, is: type === 'text' ? view.$id_x : view.x });
    }
  });

  test('keeps what is copied from another', () => {
    const code = recordCode(Field, earth);
    const copy = compile(
      ['address', 'address'],
      (ctx, to, from) =>
        writePlace(
          ctx,
          fieldPlace(recordAt(Field, to), 'x') as Place,
          fieldOf(ctx, recordAt(Field, from), 'x') as Operand,
        ) as undefined,
      earth,
    );
    // Whatever the bytes: of 64-bit fields those that numbers can tell apart.
    const words = [
      0n,
      1n,
      2n ** 53n,
      2n ** 53n - 1n,
      0x3ff0_0000_0000_0000n,
      0x7fef_ffff_ffff_ffffn,
      0x4242_0000_0101_0101n,
    ];
    for (const word of words) {
      if ((type === 'i53' || type === 'u53') && word > 2n ** 53n) continue;
      fill(A, Field, 0);
      fill(B, Field, 0);
      const { offset } = Field.layout.fields[1] as { offset: number };
      const view = new DataView(earth.memory.buffer, 8 * B + offset);
      const size =
        { bool: 1, i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, f32: 4, text: 4 }[type as 'i8'] ?? 8;
      if (type === 'bool') view.setUint8(0, Number(word & 1n));
      else for (let i = 0; i < size; i++) view.setUint8(i, Number((word >> BigInt(8 * i)) & 0xffn));
      copy(8 * A, 8 * B);
      expect(code.same(A, B)).toBe(true);
    }
  });
});

test('a u53 that was stored from a negative number is stored again as the number that it reads as', () => {
  const From = struct({ x: scalars.u53 }, 'From');
  const from = new (recordCode(From, earth).View)(C);
  for (const type of ['i8', 'i32', 'u32', 'i53', 'u53', 'f64'] as const) {
    const To = struct({ x: scalars[type] }, 'To');
    const to = new (recordCode(To, earth).View)(B);
    const store = compile(
      ['address', 'address'],
      (ctx, at, other) =>
        writePlace(
          ctx,
          fieldPlace(recordAt(To, at), 'x') as Place,
          fieldOf(ctx, recordAt(From, other), 'x') as Operand,
        ) as undefined,
      earth,
    );
    for (const x of [-1, -2_147_483_649, -4096, -(2 ** 53), 2 ** 63, 2 ** 53 + 2]) {
      from.x = x;
      to.x = from.x;
      store(8 * A, 8 * C);
      expect({ x, bytes: bytesAt(earth, A, To) }).toEqual({ x, bytes: bytesAt(earth, B, To) });
    }
  }
});

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

describe('records of random structs', () => {
  test('are written from literals and constants as plain objects are', () => {
    const cases = randomStruct().chain((Random) =>
      fc.tuple(fc.constant(Random), loose({ kind: 'struct', struct: Random })),
    );
    fc.assert(
      fc.property(cases, ([Random, value]) => {
        for (const text of ['a', 'b', 'new']) earth.texts.intern(text);
        const code = recordCode(Random, earth);
        for (const make of [literal, constantOperand]) {
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

  test('are copied and cleared, and nothing beside them', () => {
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
        compile(
          ['address'],
          (ctx, at) => clearBytes(ctx.builder, own(at), Random.layout.bytes) as undefined,
          earth,
        )(8 * A);
        expect(bytesAt(earth, A + 1, Random)).toEqual(Array(Random.layout.bytes).fill(0));
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
        compile(
          [],
          (ctx) => {
            const coerced = coerce(ctx, { kind: 'struct', struct: Random }, literal(ctx, value));
            // Storing it again changes nothing.
            writePlace(
              ctx,
              {
                type: { kind: 'struct', struct: Random },
                address: { op: 'const', type: 'i32', value: 8 * A },
                offset: 0,
              },
              coerced,
            );
            return undefined;
          },
          earth,
        )();
        code.write(B, value);
        code.write(B, code.read(B));
        expect(code.same(A, B)).toBe(true);
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

describe('parts of the record that is overwritten', () => {
  const Point = struct({ x: scalars.f64, y: scalars.i16 }, 'Point');
  const Long = struct({ list: array(scalars.f64, 40), n: scalars.u8 }, 'Long');
  const cases: [string, Struct, (s: Record<string, unknown>) => Record<string, unknown>][] = [
    [
      'records',
      struct({ curr: Point, prev: Point, n: scalars.f64 }, 'S') as Struct,
      (s) => ({ prev: s['curr'], curr: s['prev'], n: s['n'] }),
    ],
    [
      'long records',
      struct({ curr: Long, prev: Long, n: scalars.f64 }, 'S') as Struct,
      (s) => ({ prev: s['curr'], curr: s['prev'], n: s['n'] }),
    ],
    [
      'arrays',
      struct({ a: array(scalars.u8, 3), b: array(scalars.u8, 3), n: scalars.u8 }, 'S') as Struct,
      (s) => ({ a: s['b'], b: s['a'], n: s['n'] }),
    ],
    [
      'arrays of two types',
      struct({ a: array(scalars.f32, 30), b: array(scalars.i8, 30) }, 'S') as Struct,
      (s) => ({ a: s['b'], b: s['a'] }),
    ],
    [
      'scalars',
      struct({ a: scalars.u32, b: scalars.f64, c: scalars.i53 }, 'S') as Struct,
      (s) => ({ a: s['b'], b: s['c'], c: s['a'] }),
    ],
    [
      'elements',
      struct({ p: array(Point, 3) }, 'S') as Struct,
      (s) => ({ p: [...(s['p'] as unknown[])].reverse() }),
    ],
    [
      'three in turn',
      struct({ a: Point, b: Point, c: Point }, 'S') as Struct,
      (s) => ({ a: s['b'], b: s['c'], c: s['a'] }),
    ],
    [
      'its own place',
      struct({ a: Long, b: Point }, 'S') as Struct,
      (s) => ({ a: s['a'], b: { x: 1, y: 2 } }),
    ],
  ];

  test.each(cases)('are read before: %s', (_, State, change) => {
    const code = recordCode(State, earth);
    let n = 0;
    const value = (type: FieldType): unknown => {
      if (type.kind === 'scalar') return ++n % 100;
      if (type.kind === 'array') return Array.from({ length: type.length }, () => value(type.element));
      return Object.fromEntries(type.struct.layout.fields.map((field) => [field.name, value(field.type)]));
    };
    const record = value({ kind: 'struct', struct: State }) as Record<string, unknown>;
    code.write(A, record);
    code.write(B, record);
    compile(
      ['address'],
      (ctx, at) => {
        const state = recordAt(State, at);
        const parts = Object.fromEntries(
          State.layout.fields.map(({ name, type, offset }) => {
            const whole = operandAt(ctx, { type, address: state.address, offset });
            if (whole.kind !== 'array' || type.kind !== 'array' || type.element.kind === 'scalar')
              return [name, whole];
            const each = Array.from({ length: type.length }, (_, i) =>
              operandAt(ctx, elementPlace(ctx, whole, constantOperand(ctx, i))),
            );
            return [name, each];
          }),
        );
        writePlace(ctx, placeOf(State, at), cells(ctx, change(parts)));
        return undefined;
      },
      earth,
    )(8 * A);
    code.write(B, change(record));
    expect(code.read(A)).toEqual(code.read(B));
  });

  test('may be one of several', () => {
    const State = struct({ a: Point, b: Point }, 'S');
    const code = recordCode(State, earth);
    const run = compile(
      ['address', 'bool'],
      (ctx, at, which) => {
        if (which.kind !== 'bool') throw new Error('not a boolean');
        const [a, b] = ['a', 'b'].map((name) => fieldOf(ctx, recordAt(State, at), name)) as [
          Operand,
          Operand,
        ];
        const other = literal(ctx, { x: 7, y: 70_000 });
        const union = { kind: 'union', tag: which.value, alternatives: [a, other] } as Operand;
        writePlace(ctx, placeOf(State, at), {
          kind: 'object',
          fields: new Map([
            ['a', ctx.cell('a', b)],
            ['b', ctx.cell('b', union)],
          ]),
        });
        return undefined;
      },
      earth,
    );
    for (const which of [false, true]) {
      code.write(A, { a: { x: 1, y: 2 }, b: { x: 3, y: 4 } });
      run(8 * A, which);
      expect(code.read(A)).toEqual({ a: { x: 3, y: 4 }, b: which ? { x: 7, y: 4464 } : { x: 1, y: 2 } });
    }
  });
});

/** A literal whose leaves are operands. */
function cells(ctx: Parameters<typeof literal>[0], value: unknown): Operand {
  if (Array.isArray(value))
    return { kind: 'tuple', elements: value.map((one, i) => ctx.cell(String(i), cells(ctx, one))) };
  const own = value as Record<string, unknown>;
  if (typeof own['kind'] === 'string') return value as Operand;
  if (typeof value !== 'object') return constantOperand(ctx, value);
  return {
    kind: 'object',
    fields: new Map(Object.entries(own).map(([name, one]) => [name, ctx.cell(name, cells(ctx, one))])),
  };
}

describe('elements of fixed arrays', () => {
  const Inner = struct({ a: scalars.u8, b: scalars.f64 }, 'Inner');
  const Arrays = struct(
    {
      bytes: array(scalars.i8, 5),
      wide: array(scalars.f64, 300),
      safe: array(scalars.u53, 3),
      records: array(Inner, 4),
      pairs: array(array(scalars.u16, 3), 4),
    },
    'Arrays',
  );
  const names = ['bytes', 'wide', 'safe', 'records', 'pairs'];

  test.each(names.flatMap((name) => (['f64', 'i32', 'u32'] as const).map((rep) => [name, rep] as const)))(
    '%s are read and written at a checked index, %s',
    (name, rep) => {
      const code = recordCode(Arrays, earth);
      const view = new code.View(A);
      const type = Arrays.fields[name] as Extract<FieldType, { kind: 'array' }>;
      const inner = type.element.kind === 'scalar' ? undefined : type.element.kind === 'struct' ? 'b' : 1;
      const place = (
        ctx: Parameters<typeof elementPlace>[0],
        at: Operand | undefined,
        i: Operand | undefined,
      ): Place => elementPlace(ctx, fieldOf(ctx, recordAt(Arrays, at), name) as ArrayOperand, i as Operand);
      const value = (n: number): unknown =>
        inner === undefined ? n : inner === 'b' ? { a: 1, b: n } : [n, n + 1, n + 2];
      for (let i = 0; i < type.length; i++) view[name][i] = value(i + 10);
      const get = compile(
        ['address', rep],
        (ctx, at, i) => {
          const element = operandAt(ctx, place(ctx, at, i));
          if (element.kind === 'record') return fieldOf(ctx, element, 'b');
          return element.kind === 'array'
            ? operandAt(ctx, elementPlace(ctx, element, constantOperand(ctx, 1)))
            : element;
        },
        earth,
      );
      const set = compile(
        ['address', rep],
        (ctx, at, i) => writePlace(ctx, place(ctx, at, i), literal(ctx, value(77))) as undefined,
        earth,
      );
      for (const i of VALUES[rep] as number[]) {
        const expected = outcome(() => (inner === undefined ? view[name].$at(i) : view[name].$at(i)[inner]));
        expect({ i, is: outcome(() => get(8 * A, i)) }).toEqual({ i, is: expected });
        expect({ i, is: outcome(() => set(8 * A, i)) }).toEqual({
          i,
          is: outcome(() => view[name].$put(i, value(77))),
        });
        const constant = compile(
          ['address'],
          (ctx, at) => {
            const element = operandAt(ctx, place(ctx, at, constantOperand(ctx, i)));
            return element.kind === 'record' || element.kind === 'array' ? undefined : element;
          },
          earth,
        );
        const read = outcome(() => view[name].$at(i));
        expect({ i, is: outcome(() => constant(8 * A)) }).toEqual({
          i,
          is: inner === undefined || String(read).startsWith('INDEX') ? read : undefined,
        });
      }
    },
  );

  test('are not found by anything but numbers', () => {
    const list = (ctx: Parameters<typeof elementPlace>[0], at: Operand | undefined, i: Operand | undefined) =>
      operandAt(
        ctx,
        elementPlace(ctx, fieldOf(ctx, recordAt(Arrays, at), 'wide') as ArrayOperand, i as Operand),
      );
    expect(refusal(['address', 'bool'], list)).toBe('a boolean is used as an index');
    expect(refusal(['address', 'text'], list)).toBe('a text is used as an index');
  });
});

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return `${code}: ${message}`;
  }
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
