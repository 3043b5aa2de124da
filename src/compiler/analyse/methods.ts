// What the methods of arrays, strings, numbers and bigints return, and how often they call back.
import type { Node } from '../parse/ast.js';
import { callFunction, callsBack } from './calls.js';
import type { Call } from './function-value.js';
import { arrayResized, inputWritten, writeElement } from './members.js';
import { type ArrayType, Cell, type RecordType } from './record-type.js';
import {
  arrayOf,
  BOOL,
  F64,
  facets,
  join,
  NEVER,
  NIL,
  numberConstant,
  only,
  STRING,
  unknown,
  type Value,
} from './value.js';

const F64_STRING_METHODS = new Set([
  'charCodeAt',
  'codePointAt',
  'indexOf',
  'lastIndexOf',
  'localeCompare',
  'search',
]);
const BOOL_STRING_METHODS = new Set(['endsWith', 'includes', 'startsWith', 'isWellFormed']);
const STRING_STRING_METHODS = new Set(
  (
    'at charAt concat normalize padEnd padStart repeat replace replaceAll slice substr substring toLocaleLowerCase ' +
    'toLocaleUpperCase toLowerCase toString toUpperCase toWellFormed trim trimEnd trimStart'
  ).split(' '),
);
const OTHER_STRING_METHODS = new Set(['split', 'match', 'matchAll', 'valueOf']);

const ARRAY_METHODS = new Set(
  (
    'at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap forEach includes ' +
    'indexOf join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toReversed ' +
    'toSorted toSpliced toString unshift values with'
  ).split(' '),
);
/** Those that change how many elements there are. */
const RESIZING = new Set('pop push shift splice unshift'.split(' '));
const MUTATING = new Set('copyWithin fill pop push reverse shift sort splice unshift'.split(' '));

export function hasMethod(kind: 'array' | 'string', name: string): boolean {
  if (kind === 'array') return ARRAY_METHODS.has(name);
  return [F64_STRING_METHODS, BOOL_STRING_METHODS, STRING_STRING_METHODS, OTHER_STRING_METHODS].some((set) =>
    set.has(name),
  );
}

/** What calling a method of a value may return; undefined where the compiler doesn't know the method. */
export function callMethod(object: Value, name: string, call: Call): Value | undefined {
  let value: Value | undefined;
  const add = (more: Value): void => {
    value = join(value ?? NEVER, more);
  };
  for (const array of object.arrays ?? []) if (ARRAY_METHODS.has(name)) add(arrayMethod(array, name, call));
  if ((object.text || object.string) && hasMethod('string', name)) add(stringMethod(object, name, call));
  if (object.number || object.bigint || object.bool) {
    if (name.startsWith('to')) add(STRING);
    else if (name === 'valueOf') add(object);
  }
  if (object.records && (name === 'hasOwnProperty' || name === 'propertyIsEnumerable')) add(BOOL);
  return value;
}

function stringMethod(object: Value, name: string, call: Call): Value {
  callsBack(call);
  if (F64_STRING_METHODS.has(name)) return F64;
  if (BOOL_STRING_METHODS.has(name)) return BOOL;
  if (STRING_STRING_METHODS.has(name))
    return name === 'toString' && object.text && !object.string ? { text: object.text } : STRING;
  if (name === 'split') {
    const parts = call.caller.analysis.array(call.caller, call.node, 'split');
    parts.length = 'varies';
    call.caller.analysis.grew(parts.element.write(STRING, undefined));
    return arrayOf(parts);
  }
  return unknown(`the result of ${name}`);
}

/** Calls every function that an argument may be, once for all the times that the method does. */
function callback(call: Call, index: number, ...args: Value[]): Value {
  const given = call.args[index] ?? NEVER;
  let value: Value = given.unknown ? unknown('the result of an unknown function') : NEVER;
  for (const fn of given.functions ?? []) {
    value = join(value, callFunction(fn, { ...call, args, argNodes: [], repeated: true }, `${index}`));
  }
  return value;
}

/** Undefined as long as it is not known yet. */
type Length = number | 'varies' | undefined;

function arrayMethod(array: ArrayType, name: string, call: Call): Value {
  const { analysis } = call.caller;
  const element = array.read();
  const self = arrayOf(array);
  const node: Node = call.node;
  const fresh = (value: Value, length: Length, tag: string = name): Value => {
    const made = analysis.array(call.caller, node, `${tag}${array.id}`);
    const before = made.length;
    made.length = before === 'varies' ? 'varies' : (length ?? before);
    if (made.length !== before) analysis.changed = true;
    analysis.grew(made.element.write(value, undefined));
    return arrayOf(made);
  };
  const lengths = [...array.lengths()];
  const length: Length = lengths.length > 1 ? 'varies' : lengths[0];
  if (MUTATING.has(name) && array.readonly) {
    inputWritten(call.caller, array.name, node);
  }
  if (RESIZING.has(name)) arrayResized(call.caller, `${name}()`, array, node);
  const grow = (values: readonly Value[]): void => {
    for (const value of values) writeElement(call.caller, array, undefined, value, node);
    if (array.kind === 'literal' && array.length !== 'varies') {
      array.length = 'varies';
      analysis.changed = true;
    }
  };
  switch (name) {
    case 'every':
    case 'some':
      callback(call, 0, element, F64, self);
      return BOOL;
    case 'includes':
      return BOOL;
    case 'find':
    case 'findLast':
      callback(call, 0, element, F64, self);
      return join(element, NIL);
    case 'findIndex':
    case 'findLastIndex':
      callback(call, 0, element, F64, self);
      return F64;
    case 'indexOf':
    case 'lastIndexOf':
      return F64;
    case 'forEach':
      callback(call, 0, element, F64, self);
      return NIL;
    case 'map':
      return fresh(callback(call, 0, element, F64, self), length);
    case 'flatMap':
    case 'flat': {
      const inner = name === 'flat' ? element : callback(call, 0, element, F64, self);
      let flat: Value = NEVER;
      for (const nested of inner.arrays ?? []) flat = join(flat, nested.read());
      const { arrays: _, ...rest } = inner;
      return fresh(join(flat, rest), 'varies');
    }
    case 'filter':
      callback(call, 0, element, F64, self);
      return fresh(element, 'varies');
    case 'slice':
      return fresh(element, sliceLength(length, call.args));
    case 'toSpliced':
      return fresh(element, call.args.length === 0 ? length : 'varies');
    case 'toReversed':
    case 'toSorted':
      callback(call, 0, element, element);
      return fresh(element, length);
    case 'with':
      return fresh(join(element, call.args[1] ?? NEVER), length);
    case 'concat': {
      let all = element;
      for (const arg of call.args) {
        for (const other of arg.arrays ?? []) all = join(all, other.read());
        const { arrays: _, ...rest } = arg;
        all = join(all, rest);
      }
      return fresh(all, concatLength(length, call.args));
    }
    case 'reduce':
    case 'reduceRight': {
      const key = `${call.caller.key}:${node.start}:reduce${array.id}`;
      const initial = call.args.length > 1 ? (call.args[1] as Value) : element;
      analysis.writeCell(key, initial);
      analysis.writeCell(key, callback(call, 0, analysis.cell(key), element, F64, self));
      return analysis.cell(key);
    }
    case 'at': {
      const at = constantOf(call.args[0] ?? numberConstant(0));
      if (lengths.length === 0) return element;
      if (at === undefined || typeof length !== 'number' || !Number.isInteger(at)) return join(element, NIL);
      const index = at < 0 ? length + at : at;
      return index >= 0 && index < length ? array.read(index) : NIL;
    }
    case 'pop':
    case 'shift':
      grow([]);
      return join(element, NIL);
    case 'push':
    case 'unshift':
      grow(call.args);
      return F64;
    case 'splice':
      grow(call.args.slice(2));
      return fresh(element, 'varies');
    case 'fill':
      if (call.args[0]) writeElement(call.caller, array, undefined, call.args[0], node);
      return self;
    case 'sort':
    case 'reverse':
    case 'copyWithin':
      if (name === 'sort') callback(call, 0, element, element);
      // Elements trade places: what holds for one holds for all.
      if (!array.readonly) writeElement(call.caller, array, undefined, element, node);
      for (const item of array.items ?? []) analysis.grew(item.write(element, undefined));
      return self;
    case 'join':
    case 'toString':
      return STRING;
    case 'entries': {
      const pair = pairOf(call, F64, element);
      return fresh(pair, length);
    }
    case 'keys':
      return fresh(F64, length);
    case 'values':
      return fresh(element, length);
    default:
      return unknown(`the result of ${name}`);
  }
}

/** `[first, second]`, of what is known by itself. */
export function pairOf(call: Call, first: Value, second: Value): Value {
  const { analysis } = call.caller;
  const type = analysis.array(call.caller, call.node, 'entry');
  type.length = type.length === 'varies' ? 'varies' : 2;
  type.items ??= [new Cell(), new Cell()];
  analysis.grew((type.items[0] as Cell).write(first, undefined));
  analysis.grew((type.items[1] as Cell).write(second, undefined));
  return arrayOf(type);
}

/** The number that a value is for sure. */
const constantOf = (value: Value): number | undefined =>
  only(value, 'number') ? value.number?.constant : undefined;

/** The length of a slice: known where the array's is, and the bounds are. */
function sliceLength(length: Length, args: readonly Value[]): Length {
  const bounds = args.map(constantOf);
  if (bounds.includes(undefined)) return 'varies';
  if (typeof length !== 'number') return length;
  return new Array(length).slice(...(bounds as number[])).length;
}

function concatLength(length: Length, args: readonly Value[]): Length {
  let sum = length;
  for (const arg of args) {
    const added = arg.arrays || arg.unknown ? lengthOf(arg) : 1;
    if (sum === 'varies' || added === 'varies') return 'varies';
    sum = sum === undefined || added === undefined ? undefined : sum + added;
  }
  return sum;
}

/** The length of what is an array for sure. */
function lengthOf(value: Value): Length {
  const lengths = new Set([...(value.arrays ?? [])].flatMap((array) => [...array.lengths()]));
  return lengths.size > 1 || !only(value, 'arrays') ? 'varies' : [...lengths][0];
}

/** What all of a record's fields may hold. */
export function anyField(record: RecordType): Value {
  let value: Value = NEVER;
  for (const name of record.fieldNames() ?? []) value = join(value, record.read(name) ?? NEVER);
  return facets(value).length === 0 ? unknown('a field') : value;
}
