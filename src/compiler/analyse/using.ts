// What `using` gives to functions: constants, functions and live parameters, for the analysis and for the driver.
import type { Measure } from '../../journal/index.js';
import {
  type AnyFunction,
  isParam,
  isPlacedMeasure,
  isWithUsing,
  type UsingValues,
} from '../../operator/index.js';
import { compileError, type Place } from '../diagnostics/compile-error.js';
import type { Use } from '../diagnostics/plain-values.js';
import { describeType, type ParsedFunction, parseFunction } from '../parse/parse-function.js';
import type { ClosureValue } from './function-value.js';
import { measureValue } from './measures.js';
import { ArrayType, RecordType } from './record-type.js';
import type { TablePlan } from './tables.js';
import {
  arrayOf,
  bigintOf,
  boolConstant,
  F64,
  functionOf,
  join,
  type Namespace,
  NIL,
  numberConstant,
  recordOf,
  textLiteral,
  type Value,
} from './value.js';

/** A value given with `using`, as the driver makes it. */
export type UsingEntry =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'constant'; readonly index: number }
  | { readonly kind: 'param'; readonly index: number }
  | { readonly kind: 'measure'; readonly index: number; readonly measure: Measure }
  | { readonly kind: 'function'; readonly fn: UsedFunction }
  | { readonly kind: 'table'; readonly table: TablePlan };

/** A function that a stage has taken in, with what it uses. */
export interface UsedFunction {
  readonly parsed: ParsedFunction;
  readonly using: UsingPlan;
  readonly closure: ClosureValue;
}

export interface UsingPlan {
  readonly entries: ReadonlyMap<string, UsingEntry>;
  readonly namespace: Namespace;
}

/**
 * The constants and live parameters of a stage, which travel beside its source text. Constants are copies, made here: what
 * is changed in one later is seen nowhere, wherever the stage runs.
 */
export class StageValues {
  readonly constants: unknown[] = [];
  /** What the constants are copies of. */
  private readonly given: unknown[] = [];
  /** Word addresses. */
  readonly params: number[] = [];
  readonly measures: Measure[] = [];

  /** @throws {DOMException} For what can't be copied, such as a proxy. */
  constant(value: unknown): number {
    const known = this.given.indexOf(value);
    if (known >= 0) return known;
    this.constants.push(structuredClone(value));
    return this.given.push(value) - 1;
  }

  measure(measure: Measure): number {
    const known = this.measures.indexOf(measure);
    return known >= 0 ? known : this.measures.push(measure) - 1;
  }

  param(address: number): number {
    const known = this.params.indexOf(address);
    return known >= 0 ? known : this.params.push(address) - 1;
  }
}

/** Takes in a function of an operator with what it uses. */
export function takeIn(
  fn: AnyFunction,
  place: Place,
  using: UsingPlan,
  box?: ClosureValue['box'],
  /** Whether its last parameter is what it uses, where nothing is passed for it. */
  takesUsing = true,
): UsedFunction {
  const parsed = parseFunction(fn, place);
  const closure: ClosureValue = {
    kind: 'closure',
    source: parsed,
    node: parsed.node,
    activation: undefined,
    using: takesUsing ? using.namespace : undefined,
    box,
  };
  return { parsed, using, closure };
}

/**
 * Takes in what a `using` option or an operator's constants hold.
 *
 * @param useOf Where functions use it, for messages.
 * @throws {TypeError} USING_UNUSABLE for what can't be handed to another thread.
 */
export function takeUsing(
  given: UsingValues,
  place: Place,
  stage: StageValues,
  name = 'using',
  useOf?: (path: string, value: unknown) => Use,
): UsingPlan {
  const entries = new Map<string, UsingEntry>();
  const values = new Map<string, Value>();
  for (const [key, value] of Object.entries(given)) {
    const [entry, abstract] = take(key, value, place, stage, useOf);
    entries.set(key, entry);
    values.set(key, abstract);
  }
  const members = [...values.keys()];
  return { entries, namespace: { name, members, get: (key) => values.get(key) } };
}

function take(
  key: string,
  value: unknown,
  place: Place,
  stage: StageValues,
  useOf: ((path: string, value: unknown) => Use) | undefined,
): [UsingEntry, Value] {
  if (isPlacedMeasure(value)) {
    const { measure } = value;
    return [{ kind: 'measure', index: stage.measure(measure), measure }, measureValue(key, measure)];
  }
  if (isParam(value)) return [{ kind: 'param', index: stage.param(value.address) }, F64];
  if (typeof value === 'function' || isWithUsing(value)) {
    const inner = { ...place, name: key };
    const own = takeUsing(isWithUsing(value) ? value.using : {}, inner, stage);
    const fn = takeIn(
      isWithUsing(value) ? value.fn : (value as AnyFunction),
      inner,
      own,
      undefined,
      isWithUsing(value),
    );
    return [{ kind: 'function', fn }, functionOf(fn.closure)];
  }
  const refuse = (path: string, type: string) => {
    const { spot, remedy } = useOf?.(path, value) ?? {};
    return compileError('USING_UNUSABLE', { key: path, type }, place, spot, remedy, { key: path });
  };
  const abstract = constantValue(value, key, new Set(), refuse);
  const text = literalText(value);
  if (text !== undefined) return [{ kind: 'literal', text }, abstract];
  try {
    return [{ kind: 'constant', index: stage.constant(value) }, abstract];
  } catch {
    throw refuse(key, `${describeType(value)} that can't be copied`);
  }
}

/** A scalar as source text. */
function literalText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'string':
      return JSON.stringify(value).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
    default:
      return value === null ? 'null' : undefined;
  }
}

type Refuse = (path: string, type: string) => Error;

/** What is known of a constant: all of it, joined over the elements of tables. */
export function constantValue(value: unknown, path: string, within: Set<object>, refuse: Refuse): Value {
  switch (typeof value) {
    case 'number':
      return numberConstant(value);
    case 'bigint':
      return { bigint: { type: 'bare', constant: value } };
    case 'boolean':
      return boolConstant(value);
    case 'string':
      return textLiteral(value);
    case 'undefined':
      return NIL;
    case 'object':
      if (value === null) return NIL;
      break;
    default:
      throw refuse(path, typeof value === 'function' ? 'a function within a table' : describeType(value));
  }
  if (within.has(value)) throw refuse(path, 'a table that contains itself');
  within.add(value);
  const table = tableValue(value, path, within, refuse);
  within.delete(value);
  return table;
}

function tableValue(value: object, path: string, within: Set<object>, refuse: Refuse): Value {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const type = ArrayType.literal(`the table ${path}`, undefined, true);
    type.length = (value as Float64Array).length;
    const big =
      value instanceof BigInt64Array
        ? bigintOf('i64')
        : value instanceof BigUint64Array
          ? bigintOf('u64')
          : F64;
    type.element.write(big, undefined);
    return arrayOf(type);
  }
  if (Array.isArray(value)) {
    const type = ArrayType.literal(`the table ${path}`, undefined, true);
    type.length = value.length;
    let element: Value = {};
    for (let i = 0; i < value.length; i++)
      element = join(element, constantValue(value[i], `${path}[${i}]`, within, refuse));
    type.element.write(element, undefined);
    return arrayOf(type);
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null) {
    throw refuse(path, describeType(value));
  }
  if (prototype !== null && prototype.constructor?.name !== 'Object') throw refuse(path, describeType(value));
  const type = RecordType.literal(`the table ${path}`, undefined, true);
  for (const [key, item] of Object.entries(value)) {
    type.cell(key).write(constantValue(item, `${path}.${key}`, within, refuse), undefined);
  }
  return recordOf(type);
}
