// What users and the other folders use of schema.
export { type Codec, createCodec, type View, type WriterView } from './codec.js';
export type { Column, ColumnBatch, Columns } from './columns.js';
export { describe } from './describe.js';
export {
  type ArrayField,
  array,
  bool,
  type FieldDefinition,
  type FieldLayout,
  type FieldType,
  type FixedArray,
  f32,
  f64,
  type Infer,
  type InferFields,
  i8,
  i16,
  i32,
  i53,
  i64,
  type ScalarField,
  type ScalarName,
  type Struct,
  type StructField,
  type StructLayout,
  scalars,
  text,
  u8,
  u16,
  u32,
  u53,
  u64,
} from './fields.js';
export { generate } from './generate.js';
export { decodeKey, encodeKey, type KeyTypes, type KeyWord, keyWord, NAN_HALVES } from './key-words.js';
export { fingerprintOf, leavesOf, sizeOf } from './layout.js';
export { RecordNames } from './record-names.js';
export { RECORD_PRELUDE } from './record-prelude.js';
export { type RecordOptions, recordSource } from './record-source.js';
export { refusal } from './refuse.js';
export { isStruct, MAX_RECORD_BYTES, struct } from './struct.js';
export {
  createTextTable,
  openTextTable,
  TextTable,
  type TextTableBounds,
  type TextTableHandle,
  textTableWords,
} from './text-table.js';
export type { Texts } from './texts.js';
