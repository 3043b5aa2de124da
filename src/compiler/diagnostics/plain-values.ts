// Remedies for values that `using` can't take: what is plain of them, and how functions read that.
import type { AnyFunction, OperatorDefinition } from '../../operator/index.js';
import { type Node, walk } from '../parse/ast.js';
import { type ParsedFunction, parseFunction } from '../parse/parse-function.js';
import { SourceEdits } from '../parse/source-edits.js';
import type { Spot } from './compile-error.js';
import { callText } from './corrected-call.js';
import { callSo } from './remedies.js';

/** Where a function uses something of `using`, and the call that gives it in a plain form. */
export interface Use {
  readonly spot?: Spot;
  readonly remedy?: string;
}

/** The plain form of a value, where it has one, and the method that reads it, as its plain form is read. */
function plainForm(
  key: string,
  value: unknown,
): { text: string; method?: string; read?: [string, string] } | undefined {
  if (value instanceof Date) return { text: `${key}.getTime()` };
  if (value instanceof Map) return { text: `Object.fromEntries(${key})`, method: 'get', read: ['[', ']'] };
  if (value instanceof Set) return { text: `[...${key}]`, method: 'has', read: ['.includes(', ')'] };
  const isInstance = typeof value === 'object' && value !== null && !(value instanceof RegExp);
  return isInstance ? { text: `{ ...${key} }` } : undefined;
}

/**
 * How functions use a value of `using`.
 *
 * @param path The value's name, or a path to something within it, of which there is no plain form.
 */
export function useOf(definition: OperatorDefinition, path: string, value: unknown): Use {
  const [key = path] = /^[\w$]+/.exec(path) ?? [];
  const texts = new Map<string, string>();
  const form = key === path ? plainForm(key, value) : undefined;
  let spot: Spot | undefined;
  for (const [name, given] of Object.entries(definition.functions)) {
    const fn = parseFunction(given as AnyFunction, { stage: '', operator: definition.name, name });
    const edits = new SourceEdits(fn.text);
    for (const use of usesOf(fn, key)) {
      spot ??= { text: fn.text, node: use };
      const call = callOn(fn, use);
      const argument = call?.type === 'CallExpression' ? call.arguments[0] : undefined;
      if (call?.type !== 'CallExpression' || argument === undefined || form?.read === undefined) continue;
      if (call.callee.type !== 'MemberExpression' || call.callee.property.type !== 'Identifier') continue;
      if (call.callee.property.name !== form.method) continue;
      edits.replace(use.end, argument.start, form.read[0]);
      edits.replace(argument.end, call.end, form.read[1]);
    }
    texts.set(name, edits.apply());
  }
  if (form === undefined && path.includes('.') && isFunctionAt(value, path)) {
    const name = path.slice(path.lastIndexOf('.') + 1);
    return { ...(spot && { spot }), remedy: `Give functions by themselves: \`using: { ${name}: ${path} }\`` };
  }
  const remedy =
    form && callSo(callText(definition, { functions: texts, using: new Map([[key, form.text]]) }));
  return {
    ...(spot === undefined ? {} : { spot }),
    ...(remedy === undefined ? {} : { remedy: `Give what is plain of it:\n\n${remedy}` }),
  };
}

/** Whether a path leads to a function. */
function isFunctionAt(value: unknown, path: string): boolean {
  const names = path.split('.').slice(1);
  return typeof names.reduce((at, name) => (at as Record<string, unknown>)?.[name], value) === 'function';
}

/** Where a function uses what its last parameter takes out of `using`. */
function usesOf(fn: ParsedFunction, key: string): Node[] {
  const last = fn.node.params.at(-1);
  if (last?.type !== 'ObjectPattern') return [];
  const taken = last.properties
    .map((property) => (property.type === 'Property' ? property.value : property.argument))
    .find((target) => target.type === 'Identifier' && target.name === key);
  const binding = taken && fn.scopes.bindings.get(taken as never);
  return [...fn.scopes.bindings]
    .filter(([node, other]) => other === binding && node !== taken && binding !== undefined)
    .map(([node]) => node)
    .sort((a, b) => a.start - b.start);
}

/** The call of a method of something. */
function callOn(fn: ParsedFunction, object: Node): Node | undefined {
  let found: Node | undefined;
  walk(fn.node as Node, (node) => {
    if (
      node.type === 'CallExpression' &&
      node.callee.type === 'MemberExpression' &&
      node.callee.object === object
    )
      found = node;
  });
  return found;
}
