// Reading and writing members: fields of records, elements of arrays, lengths.
import type { Node } from '../parse/ast.js';
import type { Activation } from './activation.js';
import { hasMethod } from './methods.js';
import type { ArrayType, RecordType } from './record-type.js';
import {
  F64,
  isNever,
  join,
  NEVER,
  NIL,
  numberConstant,
  only,
  STRING,
  unknown,
  type Value,
} from './value.js';

/** What every object has without being a record's field. */
const OBJECT_MEMBERS = new Set([
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toJSON',
  'toLocaleString',
  'toString',
  'valueOf',
]);

/** What `object.name` may be. Null and undefined throw at run time and count for nothing here. */
export function readMember(act: Activation, object: Value, name: string, node: Node): Value {
  let value: Value = NEVER;
  if (object.unknown) value = join(value, unknown(`a member of something unknown (${object.unknown.why})`));
  if (object.records) value = join(value, readField(act, object, name, node));
  for (const array of object.arrays ?? []) value = join(value, readArray(array, name));
  if (object.text || object.string) {
    value = join(value, name === 'length' ? F64 : /^\d+$/.test(name) ? STRING : method('string', name));
  }
  if (object.number || object.bigint || object.bool) value = join(value, unknown(`the method ${name}`));
  if (object.functions) value = join(value, name === 'length' ? F64 : unknown(`${name} of a function`));
  for (const namespace of object.namespaces ?? []) {
    const member = namespace.get(name);
    if (member !== undefined) value = join(value, member);
    else if (namespace.members === undefined) value = join(value, unknown(`${namespace.name}.${name}`));
    else {
      const given = namespace.members.length === 0 ? 'nothing' : namespace.members.join(', ');
      act.analysis.problem('USING_MISSING', { key: name, from: namespace.name, given }, act.at(node));
      value = join(value, NIL);
    }
  }
  return value;
}

function method(kind: 'array' | 'string', name: string): Value {
  return hasMethod(kind, name) ? unknown(`the method ${name}`) : NIL;
}

function readField(act: Activation, object: Value, name: string, node: Node): Value {
  let value: Value = NEVER;
  let lacking: RecordType | undefined;
  let found = false;
  for (const record of object.records as ReadonlySet<RecordType>) {
    const field = record.read(name);
    if (field !== undefined) {
      value = join(value, field);
      found = true;
    } else if (record.opaque !== undefined) {
      value = join(value, unknown(record.opaque));
      found = true;
    } else {
      lacking = record;
    }
  }
  if (lacking === undefined) return value;
  if (OBJECT_MEMBERS.has(name)) return join(value, unknown(`the member ${name} of a record`));
  if (!found && only(object, 'records', 'nil')) {
    const has = lacking.fieldNames()?.join(', ') || 'none';
    act.analysis.problem('FIELD_UNKNOWN', { field: name, has }, act.at(node));
  }
  return join(value, NIL);
}

function readArray(array: ArrayType, name: string): Value {
  if (name === 'length') {
    const lengths = [...array.lengths()];
    return lengths.length === 1 && typeof lengths[0] === 'number' ? numberConstant(lengths[0]) : F64;
  }
  if (/^\d+$/.test(name)) return array.read(Number(name));
  return method('array', name);
}

/** What `object[index]` may be where the index is not known. */
export function readComputed(act: Activation, object: Value, index: Value, _node: Node): Value {
  let value: Value = NEVER;
  if (object.unknown) value = join(value, unknown('a member of something unknown'));
  for (const array of object.arrays ?? []) {
    const known = index.number?.constant;
    value = join(value, array.read(known !== undefined && only(index, 'number') ? known : undefined));
  }
  for (const record of object.records ?? []) {
    for (const name of record.fieldNames() ?? []) value = join(value, record.read(name) ?? NEVER);
    value = join(value, record.opaque === undefined ? NIL : unknown(record.opaque));
  }
  if (object.text || object.string) value = join(value, STRING);
  if (object.namespaces) value = join(value, unknown('a computed member'));
  if (isNever(value) && !isNever(object) && !object.arrays && !object.records)
    return unknown('a computed member');
  void act;
  return value;
}

/** `object.name = value`. */
export function writeMember(act: Activation, object: Value, name: string, value: Value, node: Node): void {
  const { analysis } = act;
  for (const record of object.records ?? []) {
    if (record.readonly) {
      analysis.problem('INPUT_WRITTEN', { what: `${name} of ${record.name}` }, act.at(node));
      continue;
    }
    const names = record.fieldNames();
    if (record.kind === 'stored') {
      if (names === undefined) continue;
      if (!names.includes(name)) {
        analysis.problem('FIELD_UNKNOWN', { field: name, has: names.join(', ') }, act.at(node));
        continue;
      }
    } else if (!record.fields.has(name)) {
      record.added.add(name);
      analysis.changed = true;
    }
    analysis.grew(record.cell(name).write(value, act.at(node)));
  }
  for (const array of object.arrays ?? []) {
    if (name === 'length') {
      if (array.kind === 'literal' && array.length !== 'varies') {
        array.length = 'varies';
        analysis.changed = true;
      }
      continue;
    }
    writeElement(act, array, /^\d+$/.test(name) ? Number(name) : undefined, value, node);
  }
  for (const namespace of object.namespaces ?? []) {
    const instead = namespace.name === 'state' ? ' (state.set stores a record)' : '';
    analysis.problem('INPUT_WRITTEN', { what: `${namespace.name}.${name}${instead}` }, act.at(node));
  }
}

/** `object[index] = value` where the index is not known. */
export function writeComputed(act: Activation, object: Value, index: Value, value: Value, node: Node): void {
  const known = index.number?.constant;
  for (const array of object.arrays ?? []) {
    writeElement(act, array, known !== undefined && only(index, 'number') ? known : undefined, value, node);
  }
  for (const record of object.records ?? []) {
    if (record.readonly) {
      act.analysis.problem('INPUT_WRITTEN', { what: `a field of ${record.name}` }, act.at(node));
    } else if (record.kind === 'literal') {
      record.opaque ??= 'it is written by computed names';
    } else {
      for (const name of record.fieldNames() ?? [])
        act.analysis.grew(record.cell(name).write(value, act.at(node)));
    }
  }
}

/** Assigns an element; beyond the known ones the array's length is no longer known. */
export function writeElement(
  act: Activation,
  array: ArrayType,
  index: number | undefined,
  value: Value,
  node: Node,
): void {
  if (array.readonly) {
    act.analysis.problem('INPUT_WRITTEN', { what: `an element of ${array.name}` }, act.at(node));
    return;
  }
  const item = index === undefined ? undefined : array.items?.[index];
  act.analysis.grew((item ?? array.element).write(value, act.at(node)));
  if (
    array.kind === 'literal' &&
    typeof array.length === 'number' &&
    index !== undefined &&
    index >= array.length
  ) {
    array.length = 'varies';
    act.analysis.changed = true;
  }
}
