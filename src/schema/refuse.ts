// Finds out what is wrong with a record that encoding has refused. Off the hot path: it walks the struct.
import { type CodedError, fail } from '../errors/index.js';
import { HOLDS, takes } from './check-source.js';
import { describe } from './describe.js';
import type { ArrayField, FieldType, ScalarName, Struct } from './fields.js';

/**
 * The error of a record that can't be encoded: it names the struct, the field's path, the value and the limit.
 *
 * @param where What the message calls the struct.
 */
export function refusal(struct: Struct, record: unknown, where = struct.name): CodedError {
  return (
    problemOf({ kind: 'struct', struct }, record, where, '') ?? fail('RECORD_CHANGED', { struct: where })
  );
}

/** What is wrong with a value of a field, if anything; `path` leads to it from the record. */
export function problemOf(
  type: FieldType,
  value: unknown,
  struct: string,
  path: string,
): CodedError | undefined {
  const extra = { struct, field: path, value };
  if (value === undefined && path !== '') return fail('FIELD_MISSING', { struct, field: path }, extra);
  if (type.kind === 'scalar') return scalarProblem(type.type, value, struct, path);
  if (typeof value !== 'object' || value === null) {
    const shown = describe(value);
    if (path === '') return fail('RECORD_TYPE', { struct, value: shown }, extra);
    const [takes, name] =
      type.kind === 'array' ? ['an array', arrayName(type)] : ['a record', type.struct.name];
    return fail('FIELD_TYPE', { struct, field: path, type: name, takes, value: shown }, extra);
  }
  if (type.kind === 'array') return arrayProblem(type, value as ArrayLike<unknown>, struct, path);
  for (const field of type.struct.layout.fields) {
    const inner = (value as Record<string, unknown>)[field.name];
    const problem = problemOf(field.type, inner, struct, path === '' ? field.name : `${path}.${field.name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function arrayProblem(
  type: ArrayField,
  value: ArrayLike<unknown>,
  struct: string,
  path: string,
): CodedError | undefined {
  const extra = { struct, field: path, value };
  if (typeof value.length !== 'number') {
    const shown = describe(value);
    return fail(
      'FIELD_TYPE',
      { struct, field: path, type: arrayName(type), takes: 'an array', value: shown },
      extra,
    );
  }
  if (value.length !== type.length) {
    return fail('FIELD_LENGTH', { struct, field: path, length: value.length, limit: type.length }, extra);
  }
  for (let i = 0; i < type.length; i++) {
    const problem = problemOf(type.element, value[i], struct, `${path}[${i}]`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function scalarProblem(
  type: ScalarName,
  value: unknown,
  struct: string,
  field: string,
): CodedError | undefined {
  const { typeOf, words } = takes(type);
  const shown = describe(value);
  const extra = { struct, field, value };
  if (typeof value !== typeOf)
    return fail('FIELD_TYPE', { struct, field, type, takes: words, value: shown }, extra);
  if (fits(type, value)) return undefined;
  return fail('FIELD_RANGE', { struct, field, type, holds: HOLDS[type], value: shown }, extra);
}

const WHOLE: Readonly<Partial<Record<ScalarName, readonly [number, number]>>> = {
  i8: [-128, 127],
  u8: [0, 255],
  i16: [-32768, 32767],
  u16: [0, 65535],
  i32: [-2147483648, 2147483647],
  u32: [0, 4294967295],
  i53: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  u53: [0, Number.MAX_SAFE_INTEGER],
};

/** Whether a value of the right JavaScript type is one that the field holds. */
function fits(type: ScalarName, value: unknown): boolean {
  const range = WHOLE[type];
  if (range !== undefined) {
    return Number.isInteger(value) && (value as number) >= range[0] && (value as number) <= range[1];
  }
  if (type === 'f32') return !Number.isFinite(value) || Number.isFinite(Math.fround(value as number));
  if (type === 'i64') return BigInt.asIntN(64, value as bigint) === value;
  if (type === 'u64') return BigInt.asUintN(64, value as bigint) === value;
  return true;
}

function arrayName({ element, length }: ArrayField): string {
  if (element.kind === 'scalar') return `${element.type}[${length}]`;
  return `${element.kind === 'array' ? arrayName(element) : element.struct.name}[${length}]`;
}
