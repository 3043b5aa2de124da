// Field types: plain records that say what a field holds, and the TypeScript types that follow from them.
import { fail } from '../errors/index.js';
import { describe } from './describe.js';

/** The names of the scalar field types. */
export type ScalarName =
  | 'bool'
  | 'i8'
  | 'u8'
  | 'i16'
  | 'u16'
  | 'i32'
  | 'u32'
  | 'f32'
  | 'f64'
  | 'i53'
  | 'u53'
  | 'i64'
  | 'u64'
  | 'text';

/** A scalar field of type `type`, seen by functions and subscribers as a `T`. */
export interface ScalarField<T = unknown> {
  readonly kind: 'scalar';
  readonly type: ScalarName;
  /** Only a type. */
  readonly '~type'?: () => T;
}

/** A struct within a struct. */
export interface StructField<T = unknown> {
  readonly kind: 'struct';
  readonly struct: Struct<T>;
  /** Only a type. */
  readonly '~type'?: () => T;
}

/** A fixed number of elements in a row; made by {@link array}. */
export interface ArrayField<T = unknown> {
  readonly kind: 'array';
  readonly element: FieldType;
  readonly length: number;
  /** Only a type. */
  readonly '~type'?: () => T;
}

/** What a field of a struct holds. */
export type FieldType = ScalarField | StructField | ArrayField;

/** The layout of one kind of record; made by `struct`. It is a plain value that can be posted to any thread. */
export interface Struct<T = unknown> {
  readonly kind: 'struct';
  /** Its name in messages. */
  readonly name: string;
  /** The field types by name, in the order of their declaration. */
  readonly fields: Readonly<Record<string, FieldType>>;
  /** Where the fields lie. */
  readonly layout: StructLayout;
  /** Equal for structs with the same fields, of the same types, in the same order; independent of names of structs. */
  readonly fingerprint: string;
  /** Only a type. */
  readonly '~type'?: () => T;
}

/** Where the fields of a struct lie: each aligned to its size, in the order of their declaration. */
export interface StructLayout {
  /** The length of a record in words of 8 bytes. */
  readonly words: number;
  readonly bytes: number;
  readonly fields: readonly FieldLayout[];
}

export interface FieldLayout {
  readonly name: string;
  readonly type: FieldType;
  /** In bytes, from the start of the record. */
  readonly offset: number;
}

/** What `struct` and `array` take for a field. */
export type FieldDefinition = FieldType | Struct;

/** An array of fixed length: elements may be read and assigned, but none added or removed. */
export interface FixedArray<T> extends ReadonlyArray<T> {
  [index: number]: T;
}

/** The TypeScript type of a struct's records, or of a field's values. */
export type Infer<S extends FieldDefinition> = S extends { readonly '~type'?: () => infer T } ? T : never;

/** The record type of a struct with these fields. */
export type InferFields<F> = {
  -readonly [K in keyof F]: F[K] extends FieldDefinition ? Infer<F[K]> : never;
};

function scalar<T>(type: ScalarName): ScalarField<T> {
  return Object.freeze({ kind: 'scalar', type } as const);
}

/** `true` or `false`, in 1 byte. */
export const bool = scalar<boolean>('bool');
/** A whole number from -128 to 127, in 1 byte. */
export const i8 = scalar<number>('i8');
/** A whole number from 0 to 255, in 1 byte. */
export const u8 = scalar<number>('u8');
/** A whole number from -32768 to 32767, in 2 bytes. */
export const i16 = scalar<number>('i16');
/** A whole number from 0 to 65535, in 2 bytes. */
export const u16 = scalar<number>('u16');
/** A whole number from -2147483648 to 2147483647, in 4 bytes. */
export const i32 = scalar<number>('i32');
/** A whole number from 0 to 4294967295, in 4 bytes. */
export const u32 = scalar<number>('u32');
/** A number in single precision (24 bits), in 4 bytes; rounded to the nearest, and refused if that is infinite. */
export const f32 = scalar<number>('f32');
/** Any number, in 8 bytes. */
export const f64 = scalar<number>('f64');
/** A safe integer, from -(2^53 - 1) to 2^53 - 1, in 8 bytes. */
export const i53 = scalar<number>('i53');
/** A safe integer from 0 to 2^53 - 1, in 8 bytes. What functions store wraps modulo 2^53. */
export const u53 = scalar<number>('u53');
/** A bigint from -(2^63) to 2^63 - 1, in 8 bytes. */
export const i64 = scalar<bigint>('i64');
/** A bigint from 0 to 2^64 - 1, in 8 bytes. */
export const u64 = scalar<bigint>('u64');
/**
 * A string, in 4 bytes: the number of its entry in the engine's text table, which is bounded and keeps every text
 * (`maxTexts`, `maxTextBytes`).
 */
export const text = scalar<string>('text');

/** All scalar field types by name. */
export const scalars: Readonly<Record<ScalarName, ScalarField>> = Object.freeze({
  bool,
  i8,
  u8,
  i16,
  u16,
  i32,
  u32,
  f32,
  f64,
  i53,
  u53,
  i64,
  u64,
  text,
});

/** The greatest length of a fixed array; the size of a record limits it further. */
export const MAX_ARRAY_LENGTH = 1_048_576;

/**
 * The field type of arrays of a fixed length.
 *
 * @param element What each element is: a scalar, a struct, or again an array.
 * @param length How many there are, from 1 to 1048576.
 * @throws {RangeError} ARRAY_LENGTH if the length is not a whole number in range.
 * @throws {TypeError} STRUCT_FIELD_TYPE if the element is not a field type.
 *
 * @example
 * ```ts
 * import { array, f64, struct } from 'roda-rx';
 *
 * const Book = struct({ bids: array(f64, 5), asks: array(f64, 5) });
 * if (Book.layout.bytes !== 80) throw new Error(`a book takes ${Book.layout.bytes} bytes`);
 * ```
 */
export function array<F extends FieldDefinition>(
  element: F,
  length: number,
): ArrayField<FixedArray<Infer<F>>> {
  if (!(Number.isInteger(length) && length >= 1 && length <= MAX_ARRAY_LENGTH)) {
    throw fail('ARRAY_LENGTH', { length: describe(length), limit: MAX_ARRAY_LENGTH });
  }
  return Object.freeze({
    kind: 'array',
    element: toFieldType(element, 'an array', 'element'),
    length,
  } as const);
}

/** The field type of what was given for a field: a struct becomes a field that holds it. */
export function toFieldType(definition: unknown, struct: string, field: string): FieldType {
  const given = (definition ?? {}) as { kind?: unknown; type?: string; struct?: unknown; layout?: unknown };
  if (given.kind === 'struct' && given.layout !== undefined) {
    return Object.freeze({ kind: 'struct', struct: definition as Struct } as const);
  }
  const known =
    (given.kind === 'scalar' && Object.hasOwn(scalars, String(given.type))) ||
    (given.kind === 'struct' && given.struct !== undefined) ||
    given.kind === 'array';
  if (!known) throw fail('STRUCT_FIELD_TYPE', { struct, field, value: describe(definition) });
  return definition as FieldType;
}
