// What becomes of a plain object when it is stored in a struct's record and read back
import { fail } from '../../src/errors/index.js';
import { describe, type FieldType, type ScalarName, type Struct } from '../../src/schema/index.js';

type Plain = Record<string, unknown>;

const TWO_32 = 4294967296;

/** Scalars as their field holds them: integers wrap as typed arrays do (u53 modulo 2^53), f32 is rounded, bigints are taken modulo 2^64. */
const scalars: Readonly<Record<ScalarName, (value: never) => unknown>> = {
  bool: (value: unknown) => Boolean(value),
  i8: through(Int8Array),
  u8: through(Uint8Array),
  i16: through(Int16Array),
  u16: through(Uint16Array),
  i32: through(Int32Array),
  u32: through(Uint32Array),
  f32: through(Float32Array),
  f64: through(Float64Array),
  i53: (value: number) => wrap53(value, (high) => high | 0),
  u53: (value: number) => wrap53(value, (high) => high & 0x1fffff),
  i64: (value: bigint) => BigInt.asIntN(64, value),
  u64: (value: bigint) => BigInt.asUintN(64, value),
  text: (value: unknown) => {
    if (typeof value !== 'string') throw fail('TEXT_UNKNOWN', { text: describe(value) });
    return value;
  },
};

/**
 * A new plain object with the struct's fields, each as its field would hold it.
 *
 * @throws {TypeError} RECORD_TYPE if the value, or one nested in it, is not an object, ARRAY_TYPE for an array not of its
 *   field's length, TEXT_UNKNOWN for a text that is none.
 */
export function coerce<T>(struct: Struct<T>, value: T): T {
  if (typeof value !== 'object' || value === null)
    throw fail('RECORD_TYPE', { struct: struct.name, value: describe(value) });
  const record: Plain = {};
  for (const { name, type } of struct.layout.fields) record[name] = coerceField(type, (value as Plain)[name]);
  return record as T;
}

/** `coerce`, or a copy as it is if the layout is not given. */
export function coerceBy<T>(struct: Struct<T> | undefined, value: T): T {
  return struct === undefined ? (copy(value) as T) : coerce(struct, value);
}

/** A record in a store: its fields may be assigned, and hold what they can hold of it at once. */
export function stored<T>(struct: Struct<T> | undefined, value: T): T {
  const record = coerceBy(struct, value);
  if (struct === undefined) return record;
  return assignable(record as Plain, (name) => struct.fields[name]) as T;
}

/** A scalar as its field holds it. */
export function coerceScalar(type: ScalarName, value: unknown): unknown {
  return scalars[type](value as never);
}

function coerceField(type: FieldType, value: unknown): unknown {
  if (type.kind === 'scalar') return scalars[type.type](value as never);
  if (type.kind === 'struct') return coerce(type.struct, value);
  const elements = typeof value === 'object' ? (value as unknown[] | null) : undefined;
  if (elements?.length !== type.length) {
    const shown = elements?.length === undefined ? describe(value) : `an array of ${elements.length}`;
    throw fail('ARRAY_TYPE', { value: shown, length: type.length });
  }
  return Array.from(elements, (element) => coerceField(type.element, element));
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copy(member)]));
}

function assignable(target: Plain, typeOf: (name: string) => FieldType | undefined): Plain {
  return new Proxy(target, {
    get(object, name) {
      const type = typeof name === 'string' ? typeOf(name) : undefined;
      if (type !== undefined) assertPresent(object, name);
      const value = Reflect.get(object, name);
      if (type === undefined || type.kind === 'scalar') return value;
      if (type.kind === 'struct') return assignable(value as Plain, (field) => type.struct.fields[field]);
      return assignable(value as Plain, (index) => (isIndex(index) ? type.element : undefined));
    },
    set(object, name, value) {
      const type = typeof name === 'string' ? typeOf(name) : undefined;
      if (type === undefined) return false;
      assertPresent(object, name);
      return Reflect.set(object, name, coerceField(type, value));
    },
  });
}

function assertPresent(object: Plain, name: string | symbol): void {
  if (!Object.hasOwn(object, name))
    throw new RangeError(`Cannot reach element ${String(name)}: the array is shorter`);
}

/** Whether a name is what a number reads as, in range or not. */
function isIndex(name: string): boolean {
  return String(Number(name)) === name;
}

function through(Type: { of(value: number): ArrayLike<number> }): (value: number) => number | undefined {
  return (value) => Type.of(value)[0];
}

/** Through two halves of 32 bits; an i53 beyond 2^53 is the nearest number to the 64-bit integer. */
function wrap53(value: number, signed: (high: number) => number): number {
  const whole = Math.trunc(value);
  return signed(Math.floor(whole / TWO_32)) * TWO_32 + (whole >>> 0);
}
