// Stores values to places in memory, and coerces records that stay in locals, as storing them would.
import { type FieldType, fingerprintOf, type ScalarName, type Struct, sizeOf } from '../../schema/index.js';
import { constantAt } from './constants.js';
import type { Address } from './context.js';
import { placeIn } from './elements.js';
import { i32 } from './ir.js';
import type { Lowering } from './lowering.js';
import { readMember, readPlace } from './members.js';
import type { ArrayOperand, Cell, ObjectOperand, Operand, RecordOperand, SingleOperand } from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import { coerceScalar } from './scalars.js';

type ArrayField = Extract<FieldType, { kind: 'array' }>;

/** Arrays up to this length are copied element by element, each of which may be known. */
const MAX_UNROLLED = 8;
/** Records with more scalars are copied as a whole. */
const MAX_SCALARS = 32;

/** What a store consists of; all of it is read before anything is written. */
interface Parts {
  readonly scalars: { readonly type: ScalarName; readonly at: Address; readonly operand: Operand }[];
  readonly copies: { readonly to: Address; readonly from: Address; readonly bytes: number }[];
}

/** Stores a value to a field, an element or a whole record. */
export function storeValue(low: Lowering, type: FieldType, at: Address, value: Operand): void {
  if (!low.reachable) return;
  if (value.kind === 'union' && type.kind !== 'scalar') {
    low.each(value, (single) => {
      storeValue(low, type, at, single);
      return { kind: 'nil', value: undefined };
    });
    return;
  }
  const parts: Parts = { scalars: [], copies: [] };
  gather(low, type, at, value, parts);
  // Fields of one record may come from others of its own: copies that could overlap go by way of scratch memory.
  const aside =
    parts.copies.length > 1 || parts.scalars.length > 0
      ? parts.copies.filter((copy) => overlaps(low, copy))
      : [];
  const moved = new Map(
    aside.map((copy) => {
      const scratch = low.module.scratch(copy.bytes);
      low.copy(scratch, copy.from, copy.bytes);
      return [copy, scratch];
    }),
  );
  for (const { type: scalar, at: to, operand } of parts.scalars) low.store(scalar, to, operand);
  for (const copy of parts.copies) low.copy(copy.to, moved.get(copy) ?? copy.from, copy.bytes);
}

export function storeRecord(low: Lowering, struct: Struct, at: Address, value: Operand): void {
  storeValue(low, { kind: 'struct', struct }, at, value);
}

function overlaps(low: Lowering, { to, from }: Parts['copies'][number]): boolean {
  const [a, b] = [low.regionOf(to.address), low.regionOf(from.address)];
  return a === undefined || b === undefined || a === b;
}

function gather(low: Lowering, type: FieldType, at: Address, value: Operand, parts: Parts): void {
  if (type.kind === 'scalar') {
    parts.scalars.push({ type: type.type, at, operand: low.pinned(value, type.type) });
    return;
  }
  if (type.kind === 'array') {
    gatherArray(low, type, at, value, parts);
    return;
  }
  const { struct } = type;
  if (value.kind === 'record' && isSameRecord(value, struct)) {
    if (value.offset === at.offset && value.address === at.address) return;
    if (countScalars(type) > MAX_SCALARS) {
      parts.copies.push({ to: at, from: value, bytes: struct.layout.bytes });
      return;
    }
  }
  if (value.kind !== 'record' && value.kind !== 'object' && value.kind !== 'constant')
    refuse(`${describeOperand(value)} is stored as a record`);
  for (const field of struct.layout.fields) {
    const part = readMember(low, value, field.name);
    gather(low, field.type, { address: at.address, offset: at.offset + field.offset }, part, parts);
  }
}

function gatherArray(low: Lowering, type: ArrayField, at: Address, value: Operand, parts: Parts): void {
  const same = value.kind === 'array' && fingerprintOf(value.type) === fingerprintOf(type);
  if (same && (type.length > MAX_UNROLLED || type.element.kind !== 'scalar')) {
    parts.copies.push({ to: at, from: value, bytes: sizeOf(type) });
    return;
  }
  elementsOf(low, value, type.length).forEach((element, i) => {
    const offset = at.offset + i * sizeOf(type.element);
    gather(low, type.element, { address: at.address, offset }, element, parts);
  });
}

/** The elements of an array that must have a length. */
function elementsOf(low: Lowering, value: Operand, length: number): Operand[] {
  const elements = allElements(low, value);
  if (elements === undefined) return refuse(`${describeOperand(value)} is stored as an array`);
  return elements.length === length ? elements : refuse('an array is stored that has another length');
}

/** All elements of an array whose length is known; undefined for what is none. */
export function allElements(low: Lowering, value: Operand): Operand[] | undefined {
  switch (value.kind) {
    case 'tuple':
      return value.elements.map((cell) => low.read(cell));
    case 'array': {
      const { element, length } = value.type;
      return Array.from({ length }, (_, i) => readPlace(low, element, placeIn(low, value, element, i32(i))));
    }
    case 'constant': {
      const { of } = value;
      if (!Array.isArray(of) && !ArrayBuffer.isView(of)) return undefined;
      return Array.from({ length: (of as ArrayLike<unknown>).length }, (_, i) => constantAt(low, of, i));
    }
    default:
      return undefined;
  }
}

function isSameRecord(value: Operand, struct: Struct): boolean {
  return value.kind === 'record' && value.struct.fingerprint === struct.fingerprint;
}

function countScalars(type: FieldType): number {
  if (type.kind === 'scalar') return 1;
  if (type.kind === 'array') return type.length * countScalars(type.element);
  return type.struct.layout.fields.reduce((sum, field) => sum + countScalars(field.type), 0);
}

/**
 * What a record is after it was stored with a layout, without storing it: a record of that layout by reference, else a
 * literal with coerced fields.
 */
export function coerceRecord(
  low: Lowering,
  struct: Struct,
  value: SingleOperand,
): RecordOperand | ObjectOperand {
  if (value.kind === 'record' && isSameRecord(value, struct)) return value;
  if (value.kind !== 'record' && value.kind !== 'object' && value.kind !== 'constant')
    return refuse(`${describeOperand(value)} is taken for a record`);
  const fields = new Map<string, Cell>();
  for (const { name, type } of struct.layout.fields) {
    const field = readMember(low, value, name);
    fields.set(name, low.cell(name, coerceValue(low, type, field)));
  }
  return { kind: 'object', fields };
}

function coerceValue(low: Lowering, type: FieldType, value: Operand): Operand {
  if (type.kind === 'scalar') return coerceScalar(low.builder, type.type, low.pinned(value, type.type));
  return low.each(value, (single) => {
    if (type.kind === 'struct') return coerceRecord(low, type.struct, single);
    return coerceArray(low, type, single);
  });
}

function coerceArray(low: Lowering, type: ArrayField, value: SingleOperand): Operand {
  if (value.kind === 'array' && fingerprintOf(value.type) === fingerprintOf(type)) return value;
  if (type.length > MAX_SCALARS) return storedArray(low, type, value);
  const elements = elementsOf(low, value, type.length).map((element, i) =>
    low.cell(`element${i}`, coerceValue(low, type.element, element)),
  );
  return { kind: 'tuple', elements };
}

/** An array in scratch memory. */
function storedArray(low: Lowering, type: ArrayField, value: SingleOperand): ArrayOperand {
  const at = low.module.scratch(sizeOf(type));
  storeValue(low, type, at, value);
  return { kind: 'array', type, ...at };
}
