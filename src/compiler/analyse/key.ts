// Keys: which parts a key function's result has, and how each is stored and compared.
import type { KeyPart } from '../../operator/table-layout.js';
import type { ScalarName } from '../../schema/index.js';
import { compileError } from '../diagnostics/compile-error.js';
import { functionSo, inItsPlace, operandText, partsOf, textOf } from '../diagnostics/remedies.js';
import { returning } from '../diagnostics/rewrites.js';
import { isFunction, type Node, type Of, walk } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import type { Analysis } from './analysis.js';
import { defaultOf } from './layout-remedies.js';
import { describe, facets, join, only, type Value } from './value.js';

/** The most parts of a key. */
export const MAX_PARTS = 32;
const INTEGERS = new Set(['i8', 'u8', 'i16', 'u16', 'i32', 'u32']);

export interface KeyShape {
  readonly parts: readonly KeyPart[];
  /** The field types of the parts, as seen from outside. */
  readonly types: readonly ScalarName[];
  /** Whether the function returns a tuple. */
  readonly tuple: boolean;
  /** Literals that are compared as texts. */
  readonly texts: readonly string[];
}

/**
 * The parts of a key.
 *
 * @throws {TypeError} KEY_UNUSABLE where a part's kind is not known.
 */
export function keyShape(value: Value, fn: ParsedFunction, analysis: Analysis): KeyShape {
  const texts: string[] = [];
  const part = (of: Value, name: string): KeyPart => {
    for (const literal of of.text?.literals ?? []) texts.push(literal);
    return keyPart(of, name, fn, analysis);
  };
  if (!value.arrays) {
    const kept = part(value, 'it');
    return { parts: [kept], types: [seenAs(value, kept)], tuple: false, texts };
  }
  const arrays = [...value.arrays];
  const lengths = new Set(arrays.flatMap((array) => [...array.lengths()]));
  const [length] = lengths;
  if (
    !only(value, 'arrays') ||
    lengths.size !== 1 ||
    typeof length !== 'number' ||
    length === 0 ||
    length > MAX_PARTS
  ) {
    const seen = only(value, 'arrays') ? 'an array of varying length' : describe(value);
    throw unusable(fn, 'it', seen, `return a tuple of 1 to ${MAX_PARTS} parts, always as many`);
  }
  const values = Array.from({ length }, (_, i) =>
    arrays.map((array) => array.read(i)).reduce((a, b) => join(a, b)),
  );
  const parts = values.map((joined, i) => part(joined, `part ${i + 1}`));
  const types = parts.map((kept, i) => seenAs(values[i] as Value, kept));
  return { parts, types, tuple: true, texts };
}

/** The type of a part that is kept in some way: which integers, above all whether they have signs. */
function seenAs(value: Value, part: KeyPart): ScalarName {
  return part === 'i32' ? (value.number?.type as ScalarName) : part;
}

function keyPart(value: Value, name: string, fn: ParsedFunction, analysis: Analysis): KeyPart {
  if (only(value, 'number')) return INTEGERS.has(value.number?.type as string) ? 'i32' : 'f64';
  if (only(value, 'bool')) return 'bool';
  if (only(value, 'text')) return 'text';
  const isWhole = name === 'it';
  if (only(value, 'bigint')) {
    const type = value.bigint?.type;
    if (type === 'i64' || type === 'u64') return type;
    const say = 'say which: `BigInt.asIntN(64, …)` or `BigInt.asUintN(64, …)`';
    const code = (own: string): string => `BigInt.asIntN(64, ${own})`;
    throw unusable(fn, name, describe(value), say, isWhole ? code : undefined);
  }
  const { nil, ...present } = value;
  const remedy = value.string
    ? 'use text fields as they are, several of them as a tuple, or make a number of it'
    : value.records
      ? 'return its fields as a tuple: `[r.a, r.b]`'
      : nil
        ? 'return one in every case, such as `?? 0`'
        : 'say its kind: `Number(…)`, `Boolean(…)`';
  const code = (own: string, node: Node): string | undefined => {
    if (value.string) return tuple(partsOf(fn.text, node, (part) => isField(analysis.facts.get(part))));
    if (value.records) return tuple(fieldsOf(fn.text, node, value));
    const fallback = nil && defaultOf(present);
    if (nil) return fallback && `${operandText(fn.text, node)} ?? ${fallback}`;
    return value.unknown ? `Number(${own})` : undefined;
  };
  throw unusable(fn, name, describe(value), remedy, isWhole ? code : undefined);
}

const isField = (value: Value | undefined): boolean =>
  value !== undefined && facets(value).length === 1 && only(value, 'number', 'bool', 'text', 'bigint');

const tuple = (parts: readonly string[] | undefined): string | undefined =>
  parts && (parts.length === 1 ? parts[0] : `[${parts.join(', ')}]`);

/** The fields of a record that is returned, one by one. */
function fieldsOf(text: string, node: Node, value: Value): string[] | undefined {
  if (node.type === 'ObjectExpression') {
    if (node.properties.some((property) => property.type !== 'Property')) return undefined;
    return node.properties.map((property) => textOf(text, (property as Of<'Property'>).value));
  }
  const [record] = value.records ?? [];
  const names = record?.fieldNames() ?? [];
  const isPlain =
    (node.type === 'Identifier' || node.type === 'MemberExpression') && value.records?.size === 1;
  if (!isPlain || names.some((name) => !isField(record?.read(name)))) return undefined;
  return names.map((name) => `${textOf(text, node)}.${name}`);
}

function unusable(
  fn: ParsedFunction,
  part: string,
  seen: string,
  remedy: string,
  code?: (own: string, node: Node) => string | undefined,
): Error {
  const { body } = fn.node;
  const returns: Node[] = [];
  if (body.type !== 'BlockStatement') returns.push(body);
  else {
    walk(body, (at) => {
      if (at.type === 'ReturnStatement' && at.argument) returns.push(at.argument);
      return !isFunction(at);
    });
  }
  const [only, ...more] = returns;
  const node = more.length === 0 ? only : undefined;
  const own = node && code?.(textOf(fn.text, node), node);
  const returned = returns.length === 0 ? returning(fn) : undefined;
  const text = own ? inItsPlace(own) : returned && functionSo(returned);
  const shown = node ?? (fn.node as Node);
  return compileError('KEY_UNUSABLE', { part, seen, remedy }, fn, { text: fn.text, node: shown }, text);
}
