// Where fields lie in a record: each scalar on a multiple of its size, structs on words, in the declared order.
import type { FieldLayout, FieldType, ScalarName, StructLayout } from './fields.js';

const WORD_BYTES = 8;

const SCALAR_BYTES: Readonly<Record<ScalarName, 1 | 2 | 4 | 8>> = {
  bool: 1,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  f32: 4,
  f64: 8,
  i53: 8,
  u53: 8,
  i64: 8,
  u64: 8,
  text: 4,
};

/** The size of a field in bytes. */
export function sizeOf(type: FieldType): number {
  if (type.kind === 'scalar') return SCALAR_BYTES[type.type];
  if (type.kind === 'struct') return type.struct.layout.bytes;
  return sizeOf(type.element) * type.length;
}

/** What the offset of a field is a multiple of, in bytes. */
export function alignmentOf(type: FieldType): number {
  if (type.kind === 'scalar') return SCALAR_BYTES[type.type];
  if (type.kind === 'struct') return WORD_BYTES;
  return alignmentOf(type.element);
}

/** Lays fields out; the record is padded to whole words. */
export function layoutOf(fields: Readonly<Record<string, FieldType>>): StructLayout {
  const placed: FieldLayout[] = [];
  let end = 0;
  for (const [name, type] of Object.entries(fields)) {
    const offset = roundUp(end, alignmentOf(type));
    placed.push(Object.freeze({ name, type, offset }));
    end = offset + sizeOf(type);
  }
  const bytes = roundUp(end, WORD_BYTES);
  return Object.freeze({ words: bytes / WORD_BYTES, bytes, fields: Object.freeze(placed) });
}

/** A text that is equal for field types of the same layout. */
export function fingerprintOf(type: FieldType): string {
  if (type.kind === 'scalar') return type.type;
  if (type.kind === 'struct') return type.struct.fingerprint;
  return `[${fingerprintOf(type.element)};${type.length}]`;
}

/** A scalar somewhere in a record, nested ones included. */
export interface Leaf {
  readonly type: ScalarName;
  /** In bytes, from the start of the record. */
  readonly offset: number;
}

/** All scalars of a field or record, in the order of their offsets. */
export function* leavesOf(type: FieldType, offset = 0): Generator<Leaf, void> {
  if (type.kind === 'scalar') yield { type: type.type, offset };
  else if (type.kind === 'struct') {
    for (const field of type.struct.layout.fields) yield* leavesOf(field.type, offset + field.offset);
  } else {
    const stride = sizeOf(type.element);
    for (let i = 0; i < type.length; i++) yield* leavesOf(type.element, offset + i * stride);
  }
}

/** How many scalars a field or record has. */
export function countLeaves(type: FieldType): number {
  if (type.kind === 'scalar') return 1;
  if (type.kind === 'array') return type.length * countLeaves(type.element);
  return type.struct.layout.fields.reduce((sum, field) => sum + countLeaves(field.type), 0);
}

function roundUp(bytes: number, multiple: number): number {
  return Math.ceil(bytes / multiple) * multiple;
}
