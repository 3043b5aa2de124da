// Reading and writing members: fields of records, elements of arrays, lengths.
import { editedCall } from '../diagnostics/corrected-call.js';
import {
  callSo,
  functionSo,
  inItsPlace,
  nearest,
  parentOf,
  textOf,
  withField,
} from '../diagnostics/remedies.js';
import { copying } from '../diagnostics/rewrites.js';
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
  if (!isNever(object) && act.analysis.reporting && lacks(object, name)) noMember(act, object, name, node);
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
      const meant = nearest(name, namespace.members);
      const remedy = meant === undefined ? undefined : inItsPlace(written(act, node, meant));
      act.analysis.problem('USING_MISSING', { key: name, from: namespace.name, given }, act.at(node), remedy);
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
  if (!found && only(object, 'records', 'nil') && !hasDefault(node, lacking)) {
    fieldUnknown(act, name, lacking, node);
  }
  return join(value, NIL);
}

/** `{ field = 3 }` of a literal that leaves the field out. */
function hasDefault(node: Node, { kind }: RecordType): boolean {
  return kind === 'literal' && node.type === 'Property' && node.value.type === 'AssignmentPattern';
}

/** A record lacks a field: it was misspelt, or a literal that becomes the state leaves it out. */
function fieldUnknown(act: Activation, field: string, record: RecordType, node: Node): void {
  if (!act.analysis.reporting) return;
  const names = record.fieldNames() ?? [];
  const meant = nearest(field, names);
  const remedy = meant === undefined ? addedField(act, field, record) : inItsPlace(written(act, node, meant));
  const has = names.join(', ') || 'none';
  act.analysis.problem('FIELD_UNKNOWN', { of: 'the record', field, has }, act.at(node), remedy);
}

/** A name in the form in which the node has one: `{ name }` in a pattern names a variable, too. */
function written(act: Activation, node: Node, meant: string): string {
  if (node.type !== 'Property' || !node.shorthand) return meant;
  return `${meant}: ${textOf(act.source.text, node.value)}`;
}

/** The call with the field in the literal that makes the state. */
function addedField(act: Activation, field: string, record: RecordType): string | undefined {
  const literals = [...record.sources.keys()].filter((from) => from.kind === 'literal');
  const origin = literals.length === 1 ? literals[0]?.origin : undefined;
  if (record.kind !== 'stored' || origin === undefined) return undefined;
  const call = editedCall(act.analysis.definition, origin.source.name, (edits, { text }) => {
    const code = withField(text, origin.node, field, '0');
    if (code !== undefined) edits.replace(origin.node.start, origin.node.end, code);
  });
  return call && `Let it have a value from the start:\n\n${callSo(call)}`;
}

/** A member of a scalar or array that there is not; inside, a live parameter is just its number. */
function noMember(act: Activation, object: Value, name: string, node: Node): void {
  const kind = object.number ? 'a number' : object.arrays ? 'an array' : 'a text';
  const isLength = !object.number && /^(size|count|lenght|lenth)$/.test(name);
  const parent = parentOf(act.source.node, node);
  const whole = parent?.type === 'MemberExpression' ? parent : undefined;
  const inside = object.number && name === 'value' && whole;
  const remedy = isLength
    ? inItsPlace('length')
    : inside
      ? `A live parameter is just its number here. ${inItsPlace(textOf(act.source.text, inside.object))}`
      : undefined;
  const has = object.number ? 'none' : 'length';
  act.analysis.problem('FIELD_UNKNOWN', { of: kind, field: name, has }, act.at(inside || node), remedy);
}

/** Whether reading a member gives undefined, whatever the value is. */
function lacks(object: Value, name: string): boolean {
  if (only(object, 'number')) return !(name in Number.prototype);
  if (only(object, 'text', 'string')) return !(name in String.prototype) && !/^\d+$/.test(name);
  return (
    only(object, 'arrays') && !(name in Array.prototype) && !/^\d+$/.test(name) && !isOfTyped(object, name)
  );
}

/** A method that only typed arrays have, of an array that the function made. */
function isOfTyped({ arrays }: Value, name: string): boolean {
  return name in Float64Array.prototype && [...(arrays ?? [])].every(({ kind }) => kind === 'literal');
}

function readArray(array: ArrayType, name: string): Value {
  if (name === 'length') {
    const lengths = [...array.lengths()];
    return lengths.length === 1 && typeof lengths[0] === 'number' ? numberConstant(lengths[0]) : F64;
  }
  if (/^\d+$/.test(name)) return array.read(Number(name));
  return array.kind === 'literal' && name in Float64Array.prototype
    ? unknown(`the method ${name}`)
    : method('array', name);
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
      inputWritten(act, `${name} of ${record.name}`, node);
      continue;
    }
    const names = record.fieldNames();
    if (record.kind === 'stored') {
      if (names === undefined) continue;
      if (!names.includes(name)) {
        fieldUnknown(act, name, record, node.type === 'MemberExpression' ? node.property : node);
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
      arrayResized(act, 'assigning it', array, node);
      if (array.kind === 'literal' && array.length !== 'varies') {
        array.length = 'varies';
        analysis.changed = true;
      }
      continue;
    }
    writeElement(act, array, /^\d+$/.test(name) ? Number(name) : undefined, value, node);
  }
  for (const namespace of object.namespaces ?? []) {
    const isState = namespace.name === 'state';
    const instead = isState ? ' (state.set stores a record)' : '';
    const whole = parentOf(act.source.node, node);
    const stored =
      isState && name === 'value' && whole?.type === 'AssignmentExpression' && whole.operator === '=';
    const what = { what: `${namespace.name}.${name}${instead}` };
    if (stored && node.type === 'MemberExpression') {
      const { text } = act.source;
      const set = `${textOf(text, node.object)}.set(${textOf(text, whole.right)})`;
      analysis.problem('INPUT_WRITTEN', what, act.at(whole), inItsPlace(set));
    } else analysis.problem('INPUT_WRITTEN', what, act.at(node));
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
      inputWritten(act, `a field of ${record.name}`, node);
    } else if (record.kind === 'literal') {
      record.opaque ??= 'it is written by computed names';
    } else {
      for (const name of record.fieldNames() ?? [])
        act.analysis.grew(record.cell(name).write(value, act.at(node)));
    }
  }
}

const CONSTANT = '`using` gives constants: keep what changes in state, with `keyedTable` for what has a key.';

/** A record that was given is written to: a copy of it may be. */
export function inputWritten(act: Activation, what: string, node: Node): void {
  const { analysis, source } = act;
  if (!analysis.reporting) return;
  const isArray = (of: Node): boolean => only(analysis.facts.get(of) ?? NEVER, 'arrays');
  const isTable = what.includes('the table ');
  const copy = act.fn === source.node && !isTable ? copying(source, node, isArray) : undefined;
  const remedy = copy && functionSo(copy);
  analysis.problem('INPUT_WRITTEN', { what }, act.at(node), isTable ? CONSTANT : remedy);
}

/** An array of a record that is kept has as many elements as it has: one that is made anew may take its place. */
export function arrayResized(act: Activation, what: string, array: ArrayType, node: Node): void {
  const [length] = array.lengths();
  const isFixed = array.kind === 'stored' && !array.readonly && typeof length === 'number' && length > 0;
  if (!isFixed || !act.analysis.reporting) return;
  const made = madeAnew(act.source.text, node);
  const remedy = made && `A window is shifted so. ${inItsPlace(made)}`;
  act.analysis.problem('ARRAY_RESIZED', { what, array: array.name, length }, act.at(node), remedy);
}

/** `s.w.push(x)` as `s.w = [...s.w.slice(1), x]`. */
function madeAnew(text: string, node: Node): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const { object, property } = node.callee;
  const [given] = node.arguments;
  if (object.type !== 'MemberExpression' || property.type !== 'Identifier' || given === undefined)
    return undefined;
  if (node.arguments.length > 1 || given.type === 'SpreadElement') return undefined;
  const [array, element] = [textOf(text, object), textOf(text, given)];
  if (property.name === 'push') return `${array} = [...${array}.slice(1), ${element}]`;
  return property.name === 'unshift' ? `${array} = [${element}, ...${array}.slice(0, -1)]` : undefined;
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
    inputWritten(act, `an element of ${array.name}`, node);
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
