// Abstract values: what is known of a value before the stage runs. Any of the facets may be what it is at run time.

import type { Node } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import type { FunctionValue } from './function-value.js';
import type { ArrayType, RecordType } from './record-type.js';

/** The field types whose values are JavaScript numbers. */
export type NumberType = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'f32' | 'f64' | 'i53' | 'u53';
/** `bare`: a bigint of no stored type; `mixed`: i64 and u64 in one. */
export type BigintType = 'i64' | 'u64' | 'bare' | 'mixed';

export interface NumberFacet {
  /** A narrow type for copies of such fields; f64 for everything else. */
  readonly type: NumberType;
  readonly constant?: number;
  /** Only 0 or NaN. */
  readonly falsy?: true;
}

/** A place in a function, for messages. */
export interface Origin {
  readonly source: ParsedFunction;
  readonly node: Node;
}

/** An object with a fixed set of members that is no record: `Math`, the state handle, `using`. */
export interface Namespace {
  readonly name: string;
  /** What may be asked of it, for messages; undefined where nothing is checked. */
  readonly members?: readonly string[];
  get(name: string): Value | undefined;
}

export interface Value {
  readonly nil?: true;
  readonly bool?: { readonly yes: boolean; readonly no: boolean };
  readonly number?: NumberFacet;
  readonly bigint?: { readonly type: BigintType; readonly constant?: bigint };
  /** A copy of a text field, or one of the literals. */
  readonly text?: { readonly literals: ReadonlySet<string>; readonly copied: boolean };
  /** A computed string. */
  readonly string?: true;
  readonly records?: ReadonlySet<RecordType>;
  readonly arrays?: ReadonlySet<ArrayType>;
  readonly functions?: ReadonlySet<FunctionValue>;
  readonly namespaces?: ReadonlySet<Namespace>;
  /** Anything: why nothing is known of it. */
  readonly unknown?: { readonly why: string };
}

/** No value at all: where nothing has been seen yet. */
export const NEVER: Value = {};
export const NIL: Value = { nil: true };
export const BOOL: Value = { bool: { yes: true, no: true } };
export const F64: Value = { number: { type: 'f64' } };
export const STRING: Value = { string: true };

export const numberOf = (type: NumberType): Value => ({ number: { type } });
export const numberConstant = (constant: number): Value => ({
  number: {
    type: 'f64',
    constant,
    ...(constant === 0 || Number.isNaN(constant) ? { falsy: true as const } : {}),
  },
});
export const boolConstant = (value: boolean): Value => ({ bool: { yes: value, no: !value } });
export const bigintOf = (type: BigintType): Value => ({ bigint: { type } });
export const textLiteral = (text: string): Value => ({ text: { literals: new Set([text]), copied: false } });
export const recordOf = (type: RecordType): Value => ({ records: new Set([type]) });
export const arrayOf = (type: ArrayType): Value => ({ arrays: new Set([type]) });
export const functionOf = (fn: FunctionValue): Value => ({ functions: new Set([fn]) });
export const namespaceOf = (namespace: Namespace): Value => ({ namespaces: new Set([namespace]) });
export const unknown = (why: string): Value => ({ unknown: { why } });

/** Either of two values. The first is returned as it is if the second adds nothing. */
export function join(a: Value, b: Value): Value {
  if (a === b || isNever(b)) return a;
  if (isNever(a)) return b;
  const joined: { -readonly [K in keyof Value]: Value[K] } = { ...a };
  let changed = false;
  const put = <K extends keyof Value>(key: K, value: Value[K]): void => {
    if (value === joined[key]) return;
    joined[key] = value;
    changed = true;
  };
  if (b.nil) put('nil', true);
  if (b.string) put('string', true);
  if (b.unknown && !a.unknown) put('unknown', b.unknown);
  if (b.bool) {
    if (!a.bool) put('bool', b.bool);
    else if ((b.bool.yes && !a.bool.yes) || (b.bool.no && !a.bool.no)) put('bool', { yes: true, no: true });
  }
  if (b.number) put('number', joinNumbers(a.number, b.number));
  if (b.bigint) put('bigint', joinBigints(a.bigint, b.bigint));
  if (b.text) {
    if (!a.text) put('text', b.text);
    else {
      const literals = union(a.text.literals, b.text.literals);
      const copied = a.text.copied || b.text.copied;
      if (literals !== a.text.literals || copied !== a.text.copied)
        put('text', { literals: literals as Set<string>, copied });
    }
  }
  if (b.records) put('records', union(a.records, b.records));
  if (b.arrays) put('arrays', union(a.arrays, b.arrays));
  if (b.functions) put('functions', union(a.functions, b.functions));
  if (b.namespaces) put('namespaces', union(a.namespaces, b.namespaces));
  return changed ? joined : a;
}

export function joinAll(values: Iterable<Value>): Value {
  let joined = NEVER;
  for (const value of values) joined = join(joined, value);
  return joined;
}

function union<T>(a: ReadonlySet<T> | undefined, b: ReadonlySet<T>): ReadonlySet<T> {
  if (a === undefined) return b;
  for (const item of b) if (!a.has(item)) return new Set([...a, ...b]);
  return a;
}

function joinNumbers(a: NumberFacet | undefined, b: NumberFacet): NumberFacet {
  if (a === undefined) return b;
  const type = a.type === b.type ? a.type : 'f64';
  const falsy = a.falsy && b.falsy;
  const constant = a.constant !== undefined && Object.is(a.constant, b.constant) ? a.constant : undefined;
  if (type === a.type && falsy === a.falsy && Object.is(constant, a.constant)) return a;
  return { type, ...(constant === undefined ? {} : { constant }), ...(falsy ? { falsy } : {}) };
}

function joinBigints(a: Value['bigint'], b: NonNullable<Value['bigint']>): NonNullable<Value['bigint']> {
  if (a === undefined) return b;
  const type = joinBigintTypes(a.type, b.type);
  const constant = a.constant === b.constant ? a.constant : undefined;
  if (type === a.type && constant === a.constant) return a;
  return { type, ...(constant === undefined ? {} : { constant }) };
}

export function joinBigintTypes(a: BigintType, b: BigintType): BigintType {
  if (a === b || b === 'bare') return a;
  return a === 'bare' ? b : 'mixed';
}

export function isNever(value: Value): boolean {
  for (const _ in value) return false;
  return true;
}

/** The facets that a value has. */
export function facets(value: Value): (keyof Value)[] {
  return Object.keys(value) as (keyof Value)[];
}

/** Whether a value can have no other facets than these (and has one). */
export function only(value: Value, ...allowed: (keyof Value)[]): boolean {
  const has = facets(value);
  return has.length > 0 && has.every((facet) => allowed.includes(facet));
}

/** What is left of a value where it was found to be truthy. */
export function truthyPart(value: Value): Value {
  const { nil: _, bool, number, bigint, text, ...rest } = value;
  return {
    ...rest,
    ...(bool?.yes ? { bool: { yes: true, no: false } } : {}),
    ...(number && !number.falsy ? { number } : {}),
    ...(bigint && bigint.constant !== 0n ? { bigint } : {}),
    ...(text && (text.copied || text.literals.size !== 1 || !text.literals.has('')) ? { text } : {}),
  };
}

/** What is left of a value where it was found to be falsy. */
export function falsyPart(value: Value): Value {
  const { nil, bool, number, bigint, text, string, unknown } = value;
  return {
    ...(nil ? { nil } : {}),
    ...(bool?.no ? { bool: { yes: false, no: true } } : {}),
    ...(number && (number.constant === undefined || number.falsy)
      ? { number: { type: number.type, falsy: true as const } }
      : {}),
    ...(bigint && (bigint.constant === undefined || bigint.constant === 0n)
      ? { bigint: { type: bigint.type, constant: 0n } }
      : {}),
    ...((text && (text.copied || text.literals.has(''))) || string
      ? { text: { literals: new Set(['']), copied: false } }
      : {}),
    ...(unknown ? { unknown } : {}),
  };
}

/** What is left of a value where it was found to be neither null nor undefined. */
export function presentPart(value: Value): Value {
  if (!value.nil) return value;
  const { nil: _, ...rest } = value;
  return rest;
}

/** Whether a value is falsy for sure. */
export function isFalsy(value: Value): boolean {
  return !isNever(value) && !value.unknown && isNever(truthyPart(value)) && !value.string;
}

/** Whether a value is a known constant that is truthy, so that its other branch is never taken. */
export function isTruthyConstant(value: Value): boolean {
  if (only(value, 'functions')) return true;
  if (only(value, 'bool')) return value.bool?.no === false;
  if (only(value, 'number')) return value.number?.constant !== undefined && !value.number.falsy;
  return false;
}

/** The one string that a value is for sure. */
export function textConstant(value: Value): string | undefined {
  if (!value.text || value.text.copied || value.text.literals.size !== 1 || facets(value).length !== 1)
    return undefined;
  return value.text.literals.values().next().value;
}

const NAMES: { readonly [K in keyof Value]-?: (value: Value) => string } = {
  nil: () => 'null or undefined',
  bool: () => 'a boolean',
  number: () => 'a number',
  bigint: (v) =>
    v.bigint?.type === 'bare'
      ? 'a bigint of no stored type'
      : v.bigint?.type === 'mixed'
        ? 'a mix of i64 and u64'
        : `a bigint (${v.bigint?.type})`,
  text: () => 'a text',
  string: () => 'a computed string',
  records: () => 'a record',
  arrays: () => 'an array',
  functions: () => 'a function',
  namespaces: (v) => `the object ${[...(v.namespaces ?? [])][0]?.name}`,
  unknown: (v) => `of unknown type (${v.unknown?.why})`,
};

/** What a value is, in words. */
export function describe(value: Value): string {
  const words = facets(value).map((facet) => NAMES[facet](value));
  if (words.length === 0) return 'nothing';
  if (words.length === 1) return words[0] as string;
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
