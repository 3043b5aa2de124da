// What a condition tells of the variables it tests.
import type { Node } from '../parse/ast.js';
import { type Activation, copyEnv, joinEnvs } from './activation.js';
import { falsyPart, NEVER, presentPart, truthyPart, type Value } from './value.js';

/** Makes the variables here what they are where `test` came out truthy, or falsy. */
export function narrow(act: Activation, test: Node, truthy: boolean): void {
  if (act.env === undefined) return;
  switch (test.type) {
    case 'Identifier':
      refine(act, test, truthy ? truthyPart : falsyPart);
      return;
    case 'UnaryExpression':
      if (test.operator === '!') narrow(act, test.argument, !truthy);
      return;
    case 'SequenceExpression':
      narrow(act, test.expressions.at(-1) as Node, truthy);
      return;
    case 'AssignmentExpression':
      if (test.operator === '=') narrow(act, test.left, truthy);
      return;
    case 'LogicalExpression': {
      if (test.operator === '??') return;
      if ((test.operator === '&&') === truthy) {
        narrow(act, test.left, truthy);
        narrow(act, test.right, truthy);
        return;
      }
      const before = copyEnv(act.env);
      narrow(act, test.left, truthy);
      const left = act.env;
      act.env = before;
      narrow(act, test.left, !truthy);
      narrow(act, test.right, truthy);
      act.env = joinEnvs(left, act.env);
      return;
    }
    case 'ChainExpression':
      if (truthy) present(act, test);
      return;
    case 'CallExpression':
      if (test.callee.type === 'Identifier' && test.callee.name === 'Boolean' && test.arguments[0]) {
        narrow(act, test.arguments[0], truthy);
      }
      return;
    case 'BinaryExpression':
      compare(act, test.operator, test.left, test.right, truthy);
      compare(act, flipped(test.operator), test.right, test.left, truthy);
      return;
  }
}

/** What `left operator right` tells of `left`. */
function compare(act: Activation, operator: string, left: Node, right: Node, truthy: boolean): void {
  const equal = operator === '===' || operator === '==';
  const different = operator === '!==' || operator === '!=';
  if (equal || different) {
    const same = equal === truthy;
    if (isNil(right)) {
      // Null and undefined are one facet; a strict comparison with one of them is taken to mean both.
      if (!same) present(act, left);
      else if (left.type === 'Identifier') refine(act, left, nilPart);
      return;
    }
    if (left.type === 'UnaryExpression' && left.operator === 'typeof' && right.type === 'Literal') {
      refine(act, left.argument, (value) => typeofPart(value, String(right.value), same));
      return;
    }
    // Equal to something that is neither null nor undefined.
    if (same && isPresentFor(act, right)) present(act, left);
    return;
  }
  // Nothing is less or greater than undefined. (Only a chain can be undefined here without being meant.)
  if (truthy && ['<', '>', '<=', '>='].includes(operator)) present(act, left);
}

/** A node, and all that an optional chain hangs on, is neither null nor undefined. */
export function present(act: Activation, node: Node): void {
  let at: Node = node;
  if (at.type === 'ChainExpression') at = at.expression;
  while (at.type === 'MemberExpression' || at.type === 'CallExpression') {
    at = at.type === 'MemberExpression' ? at.object : at.callee;
  }
  refine(act, at, presentPart);
}

function isPresentFor(act: Activation, node: Node): boolean {
  if (node.type === 'Literal') return node.value !== null;
  const value = act.analysis.facts.get(node);
  return value !== undefined && !value.nil && !value.unknown && Object.keys(value).length > 0;
}

function isNil(node: Node): boolean {
  return (
    (node.type === 'Literal' && node.value === null && node.raw === 'null') ||
    (node.type === 'Identifier' && node.name === 'undefined') ||
    (node.type === 'UnaryExpression' && node.operator === 'void')
  );
}

function nilPart(value: Value): Value {
  if (value.nil) return { nil: true };
  return value.unknown ? value : NEVER;
}

function typeofPart(value: Value, type: string, same: boolean): Value {
  const keep: Record<string, (keyof Value)[]> = {
    undefined: ['nil'],
    object: ['nil', 'records', 'arrays', 'namespaces'],
    number: ['number'],
    bigint: ['bigint'],
    boolean: ['bool'],
    string: ['text', 'string'],
    function: ['functions'],
  };
  const named = keep[type];
  if (named === undefined) return value;
  const entries = Object.entries(value).filter(
    ([facet]) => facet === 'unknown' || named.includes(facet as keyof Value) === same,
  );
  // `typeof x !== 'object'` leaves undefined in.
  if (!same && type === 'object' && value.nil) entries.push(['nil', true]);
  return Object.fromEntries(entries) as Value;
}

function refine(act: Activation, node: Node, part: (value: Value) => Value): void {
  if (node.type !== 'Identifier') return;
  const binding = act.source.scopes.bindings.get(node);
  if (binding !== undefined) act.refine(binding, part);
}

function flipped(operator: string): string {
  return { '<': '>', '>': '<', '<=': '>=', '>=': '<=' }[operator] ?? operator;
}
