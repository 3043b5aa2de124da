// Random structs and records that they hold, for fast-check.
import fc from 'fast-check';
import {
  array,
  type FieldDefinition,
  type FieldType,
  type ScalarName,
  type Struct,
  scalars,
  struct,
} from '../../src/schema/index.js';

const NAMES = [
  'a',
  'b',
  'id',
  'ts',
  'tsLo',
  'value',
  'two words',
  '0',
  '1',
  'length',
  'é',
  'toString',
  'p',
  'o',
  'v0',
];

const f32s = fc.float();
const f64s = fc.double();
const whole = (min: number, max: number) =>
  fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, 0, 1));
const safe = (min: number) =>
  fc.oneof(
    fc.integer({ min, max: Number.MAX_SAFE_INTEGER }),
    fc.constantFrom(min, Number.MAX_SAFE_INTEGER, 2 ** 32),
  );

/** Values that a scalar field holds exactly. */
export const scalarValues: Readonly<Record<ScalarName, fc.Arbitrary<unknown>>> = {
  bool: fc.boolean(),
  i8: whole(-128, 127),
  u8: whole(0, 255),
  i16: whole(-32768, 32767),
  u16: whole(0, 65535),
  i32: whole(-2147483648, 2147483647),
  u32: whole(0, 4294967295),
  f32: f32s,
  f64: f64s,
  i53: safe(Number.MIN_SAFE_INTEGER),
  u53: safe(0),
  i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  text: fc.string({ unit: 'binary', maxLength: 6 }),
};

const scalar: fc.Arbitrary<FieldDefinition> = fc.constantFrom(...Object.values(scalars));

function field(depth: number): fc.Arbitrary<FieldDefinition> {
  if (depth === 0) return scalar;
  const inner = field(depth - 1);
  return fc.oneof(
    { weight: 5, arbitrary: scalar },
    { weight: 1, arbitrary: randomStruct(depth - 1) },
    { weight: 1, arbitrary: fc.tuple(inner, fc.integer({ min: 1, max: 20 })).map(([e, n]) => array(e, n)) },
  );
}

/** Structs with up to six fields, with structs and arrays within. */
export function randomStruct(depth = 2): fc.Arbitrary<Struct<unknown>> {
  const named = fc.tuple(fc.constantFrom(...NAMES), field(depth));
  return fc
    .uniqueArray(named, { selector: ([name]) => name, minLength: 1, maxLength: 6 })
    .map((fields) => struct(Object.fromEntries(fields), 'Random') as Struct<unknown>);
}

/** Values that a field holds exactly. */
export function fieldValue(type: FieldType): fc.Arbitrary<unknown> {
  if (type.kind === 'scalar') return scalarValues[type.type];
  if (type.kind === 'array') {
    return fc.array(fieldValue(type.element), { minLength: type.length, maxLength: type.length });
  }
  return recordOf(type.struct);
}

/** Records that a struct holds exactly. */
export function recordOf(struct: Struct): fc.Arbitrary<Record<string, unknown>> {
  const entries = struct.layout.fields.map(({ name, type }) => [name, fieldValue(type)] as const);
  return fc.record(Object.fromEntries(entries), { noNullPrototype: true }) as fc.Arbitrary<
    Record<string, unknown>
  >;
}

/** A record in which no whole number is -0: they are stored without a sign. */
export function withoutNegativeZeros(type: FieldType, value: unknown): unknown {
  if (type.kind === 'scalar') return type.type !== 'f32' && type.type !== 'f64' && value === 0 ? 0 : value;
  if (type.kind === 'array')
    return (value as unknown[]).map((element) => withoutNegativeZeros(type.element, element));
  const record = value as Record<string, unknown>;
  return Object.fromEntries(
    type.struct.layout.fields.map((inner) => [
      inner.name,
      withoutNegativeZeros(inner.type, record[inner.name]),
    ]),
  );
}

/** Random tests print their seed; give it to repeat one. */
export const RUNS: fc.Parameters<unknown> = {
  numRuns: 200,
  ...(process.env['FC_SEED'] === undefined ? {} : { seed: Number(process.env['FC_SEED']) }),
};
