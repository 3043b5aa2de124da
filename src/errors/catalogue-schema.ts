// Errors of schemas: structs, encoding, views and the text table.
import type { Catalogue } from './catalogue-entry.js';

export interface FieldAt {
  struct: string;
  field: string;
}

export const schemaErrors = {
  STRUCT_FIELDS: {
    kind: 'TypeError',
    message: (p: { found: string }) =>
      `Cannot define a struct of ${p.found}: it takes an object with a field type for each field, and a text as its name, if any`,
    when: 'A struct is defined by something else than an object of fields.',
    remedy: 'Name the fields: `struct({ id: u32, value: f64 })`.',
  },
  STRUCT_FIELD_NAME: {
    kind: 'TypeError',
    message: (p: { struct: string; field: string }) =>
      `Cannot define ${p.struct}: ${JSON.stringify(p.field)} cannot name a field`,
    when: 'A field of a struct has an empty name, a name that starts with `$`, or one of `__proto__`, `constructor`, `toJSON`.',
    remedy: 'Choose another name for the field.',
  },
  STRUCT_FIELD_TYPE: {
    kind: 'TypeError',
    message: (p: { struct: string; field: string; value: string }) =>
      `Cannot define ${p.struct}: field ${p.field} takes a field type, a struct or an array, got ${p.value}`,
    when: 'A field of a struct, or the element of an array, is given something that is not a field type.',
    remedy: 'Use one of the scalars (`u32`, `f64`, `text`, …), a struct, or `array(element, length)`.',
  },
  STRUCT_EMPTY: {
    kind: 'RangeError',
    message: (p: { struct: string }) => `Cannot define ${p.struct}: a struct has at least 1 field`,
    when: 'A struct is defined without fields.',
    remedy: 'Give it the fields of the records that it shall hold.',
  },
  STRUCT_TOO_LARGE: {
    kind: 'RangeError',
    message: (p: { struct: string; bytes: number; limit: number }) =>
      `Cannot define ${p.struct} of ${p.bytes} bytes: a record has at most ${p.limit}`,
    when: 'The fields of a struct, arrays and nested structs included, need more bytes than a record may have.',
    remedy: 'Use shorter arrays, or spread the data over several records.',
  },
  ARRAY_LENGTH: {
    kind: 'RangeError',
    message: (p: { length: string; limit: number }) =>
      `Cannot define an array of length ${p.length}: it takes a whole number from 1 to ${p.limit}`,
    when: 'The length of a fixed array is not a whole number in range.',
    remedy: 'Give the number of elements that every record has.',
  },
  RECORD_TYPE: {
    kind: 'TypeError',
    message: (p: { struct: string; value: string }) =>
      `Cannot encode ${p.struct}: expected a record, got ${p.value}`,
    when: 'What is to be encoded or stored as a record is not an object.',
    remedy: "Pass an object that has the struct's fields.",
  },
  FIELD_MISSING: {
    kind: 'TypeError',
    message: (p: FieldAt) => `Cannot encode ${p.struct}: field ${p.field} is missing`,
    when: 'A record lacks a field of its struct, or has `undefined` there.',
    remedy: 'Give every field of the struct a value.',
  },
  FIELD_TYPE: {
    kind: 'TypeError',
    message: (p: FieldAt & { type: string; takes: string; value: string }) =>
      `Cannot encode ${p.struct}: field ${p.field} takes ${p.takes} (${p.type}), got ${p.value}`,
    when: 'A field of a record has a value of another type than its struct says.',
    remedy: 'Convert the value (`Number(…)`, `BigInt(…)`, `String(…)`), or change the type of the field.',
  },
  FIELD_RANGE: {
    kind: 'RangeError',
    message: (p: FieldAt & { type: string; holds: string; value: string }) =>
      `Cannot encode ${p.struct}: field ${p.field} is ${p.value}, ${p.type} holds ${p.holds}`,
    when: 'A field of a record has a number that its type cannot hold.',
    remedy: 'Round or clamp the value, or give the field a wider type.',
  },
  FIELD_LENGTH: {
    kind: 'RangeError',
    message: (p: FieldAt & { length: number; limit: number }) =>
      `Cannot encode ${p.struct}: field ${p.field} has ${p.length} elements, its array holds ${p.limit}`,
    when: 'A fixed array is given another number of elements than it has.',
    remedy: 'Pass exactly as many elements as the array of the struct has.',
  },
  RECORD_CHANGED: {
    kind: 'TypeError',
    message: (p: { struct: string }) =>
      `Cannot encode ${p.struct}: a field changed its value while it was read`,
    when: 'A getter of a record returned something unfit once, and something fit when it was asked again.',
    remedy: 'Pass records whose getters return the same value each time.',
  },
  COLUMN_MISSING: {
    kind: 'TypeError',
    message: (p: FieldAt & { value: string }) =>
      `Cannot encode columns of ${p.struct}: field ${p.field} takes an array or a typed array, got ${p.value}`,
    when: 'Columns lack a field of the struct, or have something there that is not an array.',
    remedy: 'Give an array or a typed array for every field; for a nested struct an object of such columns.',
  },
  COLUMN_LENGTH: {
    kind: 'RangeError',
    message: (p: FieldAt & { length: number; rows: number }) =>
      `Cannot encode columns of ${p.struct}: field ${p.field} has ${p.length} values, the columns before it ${p.rows}`,
    when: 'Columns differ in length.',
    remedy: 'Give every column one value for each record.',
  },
  INDEX_RANGE: {
    kind: 'RangeError',
    message: (p: { index: unknown; length: number }) =>
      `Cannot access element ${String(p.index)}: the array holds ${p.length}`,
    when: 'A fixed array is read or written at an index that it does not have.',
    remedy: 'Use whole numbers from 0 to the length of the array less one.',
  },
  ARRAY_TYPE: {
    kind: 'TypeError',
    message: (p: { value: string; length: number }) =>
      `Cannot store ${p.value} in an array: it takes an array of ${p.length} elements`,
    when: 'Something that is not an array, or has another length, is stored where a struct has a fixed array.',
    remedy: 'Store an array with exactly as many elements.',
  },
  VIEW_EXPIRED: {
    kind: 'TypeError',
    message: (p: { struct: string }) => `Cannot use a view of ${p.struct}: it was valid only during the call`,
    when: 'A view is kept beyond the call that received it.',
    remedy: 'Take what you need during the call; `view.toJSON()` makes a plain object that is safe to keep.',
  },
  TEXT_TABLE_FULL: {
    kind: 'RangeError',
    message: (p: { what: 'texts' | 'bytes'; limit: number; text: string }) =>
      `Cannot intern ${p.text}: the text table holds ${p.limit} ${p.what}`,
    when: 'More different texts, or longer ones, come in than the text table of the engine can hold.',
    remedy:
      'Give the engine a larger text table (`maxTexts`, `maxTextBytes`), or keep what differs in every record out of `text` fields.',
  },
  TEXT_UNKNOWN: {
    kind: 'TypeError',
    message: (p: { text: string }) =>
      `Cannot store ${p.text}: only texts that came in with records can be stored`,
    when: 'A function stores a string that it has computed, or something else that is not a text, in a `text` field.',
    remedy:
      'Store texts of records or constants; convert to other strings where the records leave the engine.',
  },
  CODEGEN_FORBIDDEN: {
    kind: 'Error',
    message: (p: { what: string }) =>
      `Cannot generate ${p.what}: this environment forbids \`new Function\`; allow it (script-src 'unsafe-eval') or run the engine where it is allowed`,
    when: 'A Content-Security-Policy without `unsafe-eval`, or Node started with `--disallow-code-generation-from-strings`.',
    remedy:
      "Allow it for the page or the process (`script-src 'unsafe-eval'`), or run the engine where it is allowed.",
  },
} as const satisfies Catalogue;
