// Keys: which parts a key function's result has, and how each is stored and compared.
import type { KeyPart } from '../../operator/table-layout.js';
import { compileError } from '../diagnostics/compile-error.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import { describe, join, only, type Value } from './value.js';

/** The most parts of a key. */
export const MAX_PARTS = 32;
const INTEGERS = new Set(['i8', 'u8', 'i16', 'u16', 'i32', 'u32']);

export interface KeyShape {
  readonly parts: readonly KeyPart[];
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
export function keyShape(value: Value, fn: ParsedFunction): KeyShape {
  const texts: string[] = [];
  const part = (of: Value, name: string): KeyPart => {
    for (const literal of of.text?.literals ?? []) texts.push(literal);
    return keyPart(of, name, fn);
  };
  if (!value.arrays) return { parts: [part(value, 'it')], tuple: false, texts };
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
  const parts = Array.from({ length }, (_, i) => {
    const joined = arrays.map((array) => array.read(i)).reduce((a, b) => join(a, b));
    return part(joined, `part ${i + 1}`);
  });
  return { parts, tuple: true, texts };
}

function keyPart(value: Value, name: string, fn: ParsedFunction): KeyPart {
  if (only(value, 'number')) return INTEGERS.has(value.number?.type as string) ? 'i32' : 'f64';
  if (only(value, 'bool')) return 'bool';
  if (only(value, 'text')) return 'text';
  if (only(value, 'bigint')) {
    const type = value.bigint?.type;
    if (type === 'i64' || type === 'u64') return type;
    throw unusable(fn, name, describe(value), 'say which: `BigInt.asIntN(64, …)` or `BigInt.asUintN(64, …)`');
  }
  const remedy = value.string
    ? 'use text fields as they are, several of them as a tuple, or make a number of it'
    : value.records
      ? 'return its fields as a tuple: `[r.a, r.b]`'
      : 'say its kind: `Number(…)`, `Boolean(…)`';
  throw unusable(fn, name, describe(value), remedy);
}

function unusable(fn: ParsedFunction, part: string, seen: string, remedy: string): Error {
  const node = fn.node.body.type === 'BlockStatement' ? fn.node : fn.node.body;
  return compileError('KEY_UNUSABLE', { part, seen, remedy }, fn, { text: fn.text, node });
}
