// Reads and writes members: fields of records and literals, elements of arrays, what namespaces have.
import { readConstant, readConstantAt } from './constants.js';
import { readTupleAt, writeTupleAt } from './elements.js';
import { elementPlace, fieldPlace, operandAt, type Place } from './fields.js';
import { f64 } from './ir.js';
import type { Lowering } from './lowering.js';
import { numberConstant } from './numbers.js';
import { type ArrayOperand, type Operand, type SingleOperand, UNDEFINED } from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import { writePlace } from './records.js';
import { boolConstant } from './truth.js';

/** What every object has without being a record's field. */
const OBJECT_MEMBERS = new Set(Object.getOwnPropertyNames(Object.prototype));

/** `object.name` */
export function readMember(low: Lowering, object: Operand, name: string): Operand {
  return low.each(object, (single) => readOf(low, single, name));
}

function readOf(low: Lowering, single: SingleOperand, name: string): Operand {
  switch (single.kind) {
    case 'record': {
      const field = fieldPlace(single, name);
      return field === undefined ? missing(single, name) : operandAt(low, field);
    }
    case 'object': {
      const cell = single.fields.get(name);
      return cell === undefined ? missing(single, name) : low.read(cell);
    }
    case 'array':
    case 'tuple': {
      if (name === 'length') return numberConstant(lengthOf(single));
      const index = Number(name);
      if (String(index) !== name) return refuse(`${name} of an array is used without being called`);
      return readIndex(low, single, numberConstant(index));
    }
    case 'constant':
      return readConstant(low, single, name);
    case 'namespace':
      return single.member(name) ?? refuse(`${single.name}.${name} is available to JavaScript only`);
    case 'nil':
      low.throwError('TypeError', `Cannot read properties of ${single.value} (reading '${name}')`);
      return UNDEFINED;
    case 'text':
      if (single.constant !== undefined && name === 'length') return numberConstant(single.constant.length);
      return refuse(`${name} of a text is known to JavaScript only`);
    default:
      return refuse(`${name} of ${describeOperand(single)} is used`);
  }
}

function missing(single: SingleOperand, name: string): Operand {
  if (OBJECT_MEMBERS.has(name)) return refuse(`${name} of ${describeOperand(single)} is used`);
  return UNDEFINED;
}

function lengthOf(single: Extract<SingleOperand, { kind: 'array' | 'tuple' }>): number {
  return single.kind === 'array' ? single.type.length : single.elements.length;
}

/** `object[index]` */
export function readComputed(low: Lowering, object: Operand, index: Operand): Operand {
  const name = nameOf(index);
  if (name !== undefined) return readMember(low, object, name);
  return low.each(object, (single) => readIndex(low, single, index));
}

/** Where an element is; undefined where control never gets to. */
function elementOf(low: Lowering, array: ArrayOperand, index: Operand): Place | undefined {
  const { length } = array.type;
  const constant = index.kind === 'number' ? index.constant : undefined;
  if (constant === undefined || (Number.isInteger(constant) && constant >= 0 && constant < length))
    return elementPlace(low, array, index);
  low.fail('index', f64(constant), f64(length));
  low.env = undefined;
  return undefined;
}

/** The name that an index is, where it is known. */
export function nameOf(index: Operand): string | undefined {
  return index.kind === 'text' ? index.constant : undefined;
}

function readIndex(low: Lowering, single: SingleOperand, index: Operand): Operand {
  switch (single.kind) {
    case 'array': {
      const at = elementOf(low, single, index);
      return at === undefined ? UNDEFINED : operandAt(low, at);
    }
    case 'tuple':
      return readTupleAt(low, single, index);
    case 'constant':
      return readConstantAt(low, single, index);
    case 'nil':
      if (index.kind !== 'number' || index.constant === undefined) {
        return refuse(`an element of ${single.value} is read`);
      }
      low.throwError('TypeError', `Cannot read properties of ${single.value} (reading '${index.constant}')`);
      return UNDEFINED;
    default:
      return refuse(`a field of ${describeOperand(single)} is read by a name that is computed`);
  }
}

/** `object.name = value` */
export function writeMember(low: Lowering, object: Operand, name: string, value: Operand): void {
  low.each(object, (single) => {
    writeOf(low, single, name, value);
    return UNDEFINED;
  });
}

function writeOf(low: Lowering, single: SingleOperand, name: string, value: Operand): void {
  switch (single.kind) {
    case 'record': {
      writePlace(low, fieldPlace(single, name) ?? refuse(`a record has no field ${name}`), value);
      return;
    }
    case 'object': {
      const cell = single.fields.get(name) ?? refuse(`field ${name} is added after the literal was made`);
      low.writeField(single, cell, value);
      return;
    }
    case 'array':
    case 'tuple':
      if (!/^\d+$/.test(name)) refuse(`${name} of an array is assigned`);
      writeIndex(low, single, numberConstant(Number(name)), value);
      return;
    case 'nil':
      low.throwError('TypeError', `Cannot set properties of ${single.value} (setting '${name}')`);
      return;
    default:
      refuse(`${name} of ${describeOperand(single)} is assigned`);
  }
}

/** `object[index] = value` */
export function writeComputed(low: Lowering, object: Operand, index: Operand, value: Operand): void {
  const name = nameOf(index);
  if (name !== undefined) {
    writeMember(low, object, name, value);
    return;
  }
  low.each(object, (single) => {
    writeIndex(low, single, index, value);
    return UNDEFINED;
  });
}

function writeIndex(low: Lowering, single: SingleOperand, index: Operand, value: Operand): void {
  if (single.kind === 'array') {
    const at = elementOf(low, single, index);
    if (at !== undefined) writePlace(low, at, value);
  } else if (single.kind === 'tuple') {
    writeTupleAt(low, single, index, value);
  } else refuse(`an element of ${describeOperand(single)} is assigned`);
}

/** `name in object` */
export function hasMember(name: Operand, object: Operand): Operand {
  if (name.kind !== 'text' || name.constant === undefined) return refuse('`in` is given a computed name');
  if (object.kind === 'record')
    return boolConstant(name.constant in object.struct.fields || OBJECT_MEMBERS.has(name.constant));
  if (object.kind === 'object')
    return boolConstant(object.fields.has(name.constant) || OBJECT_MEMBERS.has(name.constant));
  if (object.kind === 'constant') return boolConstant(name.constant in object.of);
  return refuse(`\`in\` is given ${describeOperand(object)}`);
}

/** The names of an object's own fields, in order; undefined where it has none that are known. */
export function fieldNames(single: SingleOperand): readonly string[] | undefined {
  switch (single.kind) {
    case 'record':
      return single.struct.layout.fields.map((field) => field.name);
    case 'object':
      return [...single.fields.keys()];
    case 'constant':
      return Object.keys(single.of);
    case 'namespace':
      return single.members;
    default:
      return undefined;
  }
}
