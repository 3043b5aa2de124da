// Records written from parts of themselves: everything is read before it is overwritten.
import { beforeAll, describe, expect, test } from 'vitest';
import { constantOperand, elementPlace, fieldOf, operandAt } from '../../../src/compiler/lower/fields.js';
import type { Operand } from '../../../src/compiler/lower/operand.js';
import { writePlace } from '../../../src/compiler/lower/records.js';
import { array, type FieldType, type Struct, scalars, struct } from '../../../src/schema/index.js';
import { AT, type Ground, ground, recordCode } from '../../schema/harness.js';
import { compile, literal, placeOf, recordAt } from './kit.js';

let earth: Ground;
beforeAll(() => {
  earth = ground();
});

/** Word addresses of records of tests. */
const [A, B] = [AT, AT + 16_384];

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
