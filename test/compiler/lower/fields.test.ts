// Fields of all types and elements are read and written as the generated record code does.
import { beforeAll, describe, expect, test } from 'vitest';
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
import { writePlace } from '../../../src/compiler/lower/records.js';
import {
  array,
  type FieldType,
  type ScalarName,
  type Struct,
  scalars,
  struct,
} from '../../../src/schema/index.js';
import { AT, bytesAt, type Ground, ground, recordCode } from '../../schema/harness.js';
import { compile, type Kind, literal, placeOf, recordAt, refusal, VALUES } from './kit.js';

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

test('a u53 holds safe integers, whatever was stored, and is stored again as the number that it reads as', () => {
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
    for (const x of [
      -1,
      -0.5,
      0,
      2 ** 53 - 1,
      -2_147_483_649,
      -4096,
      -(2 ** 53),
      2 ** 63,
      2 ** 53 + 2,
      1e300,
    ]) {
      from.x = x;
      expect(from.x).toBe(Number(BigInt.asUintN(53, BigInt(Math.trunc(x)))));
      to.x = from.x;
      store(8 * A, 8 * C);
      expect({ x, bytes: bytesAt(earth, A, To) }).toEqual({ x, bytes: bytesAt(earth, B, To) });
    }
  }
});

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
