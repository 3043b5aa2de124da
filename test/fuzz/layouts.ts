// Random layouts, and records of adversarial values for them.
import {
  array,
  type FieldDefinition,
  type FieldType,
  type ScalarName,
  type Struct,
  scalars,
  struct,
} from '../../src/schema/index.js';
import type { Choices } from './choices.js';

/** What functions see of a scalar. */
export type Kind = 'num' | 'bool' | 'text' | 'i64' | 'u64';

/** Types of numbers. */
export const NUMBERS = ['f64', 'u8', 'i32', 'u32', 'f32', 'i8', 'u16', 'i16', 'i53', 'u53'] as const;
export const KINDS: readonly Kind[] = ['num', 'bool', 'text', 'i64', 'u64'];

export function kindOf(type: ScalarName): Kind {
  return type === 'bool' || type === 'text' || type === 'i64' || type === 'u64' ? type : 'num';
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const INNER = ['x', 'y', 'z'];

export function randomScalar(choices: Choices): FieldDefinition {
  const kind = choices.weighted<Kind>([
    [8, 'num'],
    [2, 'bool'],
    [2, 'text'],
    [2, 'i64'],
    [1, 'u64'],
  ]);
  if (kind !== 'num') return scalars[kind];
  return scalars[choices.chance(50) ? choices.of(NUMBERS) : 'f64'];
}

/** A struct of one to seven fields, with structs and arrays within. */
export function randomStruct(choices: Choices): Struct {
  const names = NAMES.slice(0, choices.between(1, 7));
  return struct(Object.fromEntries(names.map((name) => [name, randomField(choices, 2)])), 'Random') as Struct;
}

function randomField(choices: Choices, depth: number): FieldDefinition {
  const what = depth === 0 ? 0 : choices.below(10);
  if (what < 8) return randomScalar(choices);
  if (what === 8) {
    const names = INNER.slice(0, choices.between(1, 3));
    const fields = names.map((name) => [name, randomField(choices, depth - 1)] as const);
    return struct(Object.fromEntries(fields)) as Struct;
  }
  return array(randomField(choices, depth - 1), choices.between(1, 4));
}

/** A struct for the same values, with other types of numbers where `retype` says so. */
export function mapNumbers(given: Struct, retype: (type: ScalarName) => ScalarName): Struct {
  const field = (type: FieldType): FieldDefinition => {
    if (type.kind === 'scalar') return kindOf(type.type) === 'num' ? scalars[retype(type.type)] : type;
    if (type.kind === 'array') return array(field(type.element), type.length);
    return mapNumbers(type.struct, retype);
  };
  const fields = given.layout.fields.map(({ name, type }) => [name, field(type)] as const);
  return struct(Object.fromEntries(fields), given.name) as Struct;
}

/** Doubles that are easily got wrong. */
export const DOUBLES: readonly number[] = [
  0,
  1,
  -0,
  2,
  3,
  -1,
  0.5,
  1.5,
  2.5,
  -0.5,
  -1.5,
  0.1,
  7,
  10,
  31,
  32,
  100,
  255,
  256,
  -128,
  32_767,
  65_535,
  0.499_999_999_999_999_94,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  -(2 ** 31) - 1,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 32 + 1,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53) + 1,
  -(2 ** 53),
  2 ** 52 + 0.5,
  2 ** 63,
  -(2 ** 63),
  2 ** 64,
  1e21,
  1e300,
  -1e300,
  1e-300,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  5e-324,
  -5e-324,
  2.225_073_858_507_201_4e-308,
  1.112_536_929_253_600_7e-308,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

export const BIGINTS: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n,
  3n,
  -7n,
  10n,
  63n,
  64n,
  2n ** 31n,
  2n ** 32n + 5n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  2n ** 63n,
  2n ** 64n - 1n,
];

export const TEXTS: readonly string[] = ['', 'a', 'b', 'bob', 'ünï ✓'];

const RANGES: Readonly<Partial<Record<ScalarName, readonly [least: number, most: number]>>> = {
  i8: [-128, 127],
  u8: [0, 255],
  i16: [-32_768, 32_767],
  u16: [0, 65_535],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
  i53: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  u53: [0, Number.MAX_SAFE_INTEGER],
};

/** Values that each scalar field takes; the first is the simplest. */
const POOLS = Object.fromEntries(
  (Object.keys(scalars) as ScalarName[]).map((type) => [type, poolOf(type)]),
) as Readonly<Record<ScalarName, readonly unknown[]>>;

function poolOf(type: ScalarName): readonly unknown[] {
  if (type === 'bool') return [false, true];
  if (type === 'text') return TEXTS;
  if (type === 'i64') return BIGINTS.filter((x) => BigInt.asIntN(64, x) === x);
  if (type === 'u64') return BIGINTS.filter((x) => BigInt.asUintN(64, x) === x);
  if (type === 'f64') return DOUBLES;
  if (type === 'f32') return [...new Set(DOUBLES.map(Math.fround))];
  const [least, most] = RANGES[type] as readonly [number, number];
  const limits = [least, least + 1, most - 1, most];
  const whole = [...DOUBLES, ...limits].filter((x) => Number.isInteger(x) && x >= least && x <= most);
  return [...new Set(whole.map((x) => x + 0))];
}

/** Any value of a number's type, beside those of the pool. */
function anyNumber(choices: Choices, type: ScalarName): number {
  const range = RANGES[type];
  const part = choices.below(2 ** 31) / 2 ** 31;
  if (range === undefined) {
    const x = choices.chance(50)
      ? (part - 0.5) * 10 ** choices.between(0, 20)
      : Math.round(part * 20 - 10) / 2;
    return type === 'f32' ? Math.fround(x) : x;
  }
  const [least, most] = range;
  const x = choices.chance(50) ? least + Math.floor(part * (most - least)) : Math.floor(part * 10);
  return Math.min(most, Math.max(least, x)) + 0;
}

function scalarValue(choices: Choices, type: ScalarName): unknown {
  if (kindOf(type) === 'num' && choices.chance(25)) return anyNumber(choices, type);
  return choices.of(POOLS[type]);
}

/** Makes values of one field; few different ones, so that keys and neighbours are often equal. */
type Maker = (choices: Choices) => unknown;

function makerOf(choices: Choices, type: FieldType): Maker {
  if (type.kind === 'struct') return recordMaker(choices, type.struct);
  if (type.kind === 'array') {
    const element = makerOf(choices, type.element);
    return (more) => Array.from({ length: type.length }, () => element(more));
  }
  const few = Array.from({ length: choices.between(1, 4) }, () => scalarValue(choices, type.type));
  return (more) => (more.chance(20) ? scalarValue(more, type.type) : more.of(few));
}

function recordMaker(choices: Choices, of: Struct): Maker {
  const makers = of.layout.fields.map(({ name, type }) => [name, makerOf(choices, type)] as const);
  return (more) => Object.fromEntries(makers.map(([name, maker]) => [name, maker(more)]));
}

/** A vector of records. */
export function randomRecords(choices: Choices, of: Struct, most: number): object[] {
  const count = choices.between(1, most);
  const maker = recordMaker(choices, of);
  return Array.from({ length: count }, () => maker(choices) as object);
}
