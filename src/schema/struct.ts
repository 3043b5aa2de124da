// struct: the schema of one kind of record.
import { fail } from '../errors/index.js';
import { describe } from './describe.js';
import {
  type FieldDefinition,
  type FieldType,
  type InferFields,
  type Struct,
  toFieldType,
} from './fields.js';
import { fingerprintOf, layoutOf } from './layout.js';

/** The most bytes that a record may have. */
export const MAX_RECORD_BYTES = 1_048_576;

const RESERVED = new Set(['__proto__', 'constructor', 'toJSON', '']);
const NAMED_FIELDS = 4;

/**
 * The schema of one kind of record: names, types and places of its fields.
 *
 * Fields are aligned to their size in the order in which they are declared, and the record is padded to whole words of
 * 8 bytes; structs within structs start on a word.
 *
 * @param fields The field types by name: scalars such as `u32`, other structs, arrays.
 * @param name The name that messages use; without it they list the first fields.
 * @returns A plain, frozen value; `Infer<typeof S>` is the type of its records.
 * @throws {TypeError} STRUCT_FIELD_NAME, STRUCT_FIELD_TYPE for a field that can't be.
 * @throws {RangeError} STRUCT_EMPTY without fields; STRUCT_TOO_LARGE above 1048576 bytes.
 *
 * @example
 * ```ts
 * import { f64, type Infer, struct, u32, u53 } from 'roda-rx';
 *
 * const Reading = struct({ sensorId: u32, value: f64, timestamp: u53 }, 'Reading');
 * type Reading = Infer<typeof Reading>; // { sensorId: number; value: number; timestamp: number }
 * const reading: Reading = { sensorId: 1, value: 20.5, timestamp: Date.now() };
 * if (Reading.layout.bytes !== 24) throw new Error(`${JSON.stringify(reading)} takes ${Reading.layout.bytes} bytes`);
 * ```
 */
export function struct<const F extends Readonly<Record<string, FieldDefinition>>>(
  fields: F,
  name: string = nameOf(fields),
): Struct<InferFields<F>> {
  if (typeof name !== 'string') throw fail('STRUCT_FIELDS', { found: `fields and ${describe(name)}` });
  const types: Record<string, FieldType> = {};
  for (const [field, definition] of Object.entries(fields)) {
    if (RESERVED.has(field) || field.startsWith('$'))
      throw fail('STRUCT_FIELD_NAME', { struct: name, field });
    types[field] = toFieldType(definition, name, field);
  }
  const layout = layoutOf(types);
  if (layout.fields.length === 0) throw fail('STRUCT_EMPTY', { struct: name });
  if (layout.bytes > MAX_RECORD_BYTES) {
    throw fail('STRUCT_TOO_LARGE', { struct: name, bytes: layout.bytes, limit: MAX_RECORD_BYTES });
  }
  const parts = layout.fields.map((field) => `${JSON.stringify(field.name)}:${fingerprintOf(field.type)}`);
  return Object.freeze({
    kind: 'struct',
    name,
    fields: Object.freeze(types),
    layout,
    fingerprint: `{${parts.join(',')}}`,
  } as const);
}

/** Whether a value is a struct. */
export function isStruct(value: unknown): value is Struct {
  const given = value as Partial<Struct> | null | undefined;
  return typeof given === 'object' && given?.kind === 'struct' && given.layout !== undefined;
}

function nameOf(of: unknown): string {
  if (typeof of !== 'object' || of === null || Array.isArray(of))
    throw fail('STRUCT_FIELDS', { found: describe(of) });
  const fields = Object.keys(of);
  const more = fields.length > NAMED_FIELDS ? ', …' : '';
  return `{ ${fields.slice(0, NAMED_FIELDS).join(', ')}${more} }`;
}
