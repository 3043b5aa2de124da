// The syntax tree as the compiler sees it: acorn's nodes and tokens, and how to walk over their children.
import type * as acorn from 'acorn';

export type Node = acorn.AnyNode;
export type Expression = acorn.Expression | acorn.Literal;
export type Pattern = acorn.Pattern;
export type Statement = acorn.Statement;
export type Identifier = acorn.Identifier;
export type ObjectExpression = acorn.ObjectExpression;
export type FunctionNode =
  | acorn.ArrowFunctionExpression
  | acorn.FunctionExpression
  | acorn.FunctionDeclaration;
/** A token. acorn's types leave its value out: a string's, a name's or a keyword's text. */
export type Token = acorn.Token & { readonly value?: unknown };
export type Of<K extends Node['type']> = Extract<Node, { type: K }>;

/** Whether a node is a function of any form. */
export function isFunction(node: { type: string }): node is FunctionNode {
  return (
    node.type === 'ArrowFunctionExpression' ||
    node.type === 'FunctionExpression' ||
    node.type === 'FunctionDeclaration'
  );
}

/** Whether a node is `object.name`, with a dot that asks nothing. */
export function isNamedMember(
  node: Node,
): node is Of<'MemberExpression'> & { object: Expression; property: Identifier } {
  return (
    node.type === 'MemberExpression' &&
    !node.computed &&
    !node.optional &&
    node.property.type === 'Identifier'
  );
}

/** The direct children of a node, in source order. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const key of Object.keys(node)) {
    const value = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) found.push(item);
    } else if (isNode(value)) {
      found.push(value);
    }
  }
  return found;
}

/** Calls `visit` for a node and everything below it; `false` from it leaves out what is below. */
export function walk(node: Node, visit: (node: Node) => unknown): void {
  if (visit(node) === false) return;
  for (const child of children(node)) walk(child, visit);
}

/** The name of a property, where it is written out (`a`, `'a'`, `['a']`, `1`); undefined where it is computed. */
export function propertyName(key: Node, computed: boolean): string | undefined {
  if (!computed && key.type === 'Identifier') return key.name;
  if (key.type === 'Literal' && (typeof key.value === 'string' || typeof key.value === 'number')) {
    return String(key.value);
  }
  return undefined;
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}
