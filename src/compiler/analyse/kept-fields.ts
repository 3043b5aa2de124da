// Which fields of a kept record are ever read: a state that holds copies of records needs no others.
import { children, isFunction, type Node, propertyName } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import type { Analysis } from './analysis.js';
import type { ArrayType, RecordType } from './record-type.js';
import { only, textConstant, type Value } from './value.js';

/**
 * The fields of a kept record that functions read by name; undefined if all of them may be read.
 *
 * Every expression that may be the record is looked at: where it only decides something, is bound to a name, handed to a
 * function of the code, or has a field read, that is all that happens to it. Everywhere else it may be read as a whole.
 */
export function fieldsRead(
  record: RecordType,
  functions: readonly ParsedFunction[],
  { facts }: Analysis,
): Set<string> | undefined {
  const names = new Set<string>();
  let whole = false;
  const visit = (node: Node, parent: Node | undefined, outer: Node | undefined): void => {
    const value = facts.get(node);
    if (value !== undefined && isWithinArray(record, value)) whole = true;
    if (value?.records?.has(record)) {
      const read = use(node, parent, outer, facts);
      if (read === undefined) whole = true;
      else for (const name of read) names.add(name);
    }
    for (const child of children(node)) visit(child, node, parent);
  };
  for (const fn of functions) visit(fn.node, undefined, undefined);
  return whole ? undefined : names;
}

/** Whether an array may hold the record; its elements are not followed any further. */
function isWithinArray(record: RecordType, value: Value, seen = new Set<ArrayType>()): boolean {
  for (const array of value.arrays ?? []) {
    if (seen.has(array)) continue;
    seen.add(array);
    const element = array.read();
    if (element.records?.has(record) || isWithinArray(record, element, seen)) return true;
  }
  return false;
}

/** The fields that are read where an expression, or a pattern, is the record; undefined if that can't be told. */
function use(
  node: Node,
  parent: Node | undefined,
  outer: Node | undefined,
  facts: ReadonlyMap<Node, Value>,
): readonly string[] | undefined {
  if (node.type === 'ObjectPattern') return namesOf(node);
  if (node.type === 'ArrayPattern' || parent === undefined) return undefined;
  if (isFunction(parent)) return [];
  switch (parent.type) {
    case 'MemberExpression': {
      if (parent.object !== node) return undefined;
      const computed = parent.computed ? facts.get(parent.property) : undefined;
      const name = propertyName(parent.property, parent.computed) ?? (computed && textConstant(computed));
      return name === undefined ? undefined : [name];
    }
    case 'LogicalExpression':
    case 'ConditionalExpression':
    case 'SequenceExpression':
    case 'ParenthesizedExpression':
    case 'ChainExpression':
    case 'ExpressionStatement':
    case 'ReturnStatement':
    case 'IfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
    case 'AssignmentPattern':
      return [];
    case 'UnaryExpression':
      return ['!', 'typeof', 'void'].includes(parent.operator) ? [] : undefined;
    case 'BinaryExpression':
      return /^[!=]==?$/.test(parent.operator) ? [] : undefined;
    case 'VariableDeclarator':
      return parent.id.type === 'ArrayPattern' ? undefined : [];
    case 'AssignmentExpression':
      return parent.left.type === 'Identifier' || parent.left.type === 'ObjectPattern' ? [] : undefined;
    case 'Property':
      return outer?.type === 'ObjectPattern' ? [] : undefined;
    case 'CallExpression': {
      if (parent.callee === node) return undefined;
      const callee = facts.get(parent.callee);
      const known = callee !== undefined && only(callee, 'functions', 'nil');
      return known && [...(callee.functions ?? [])].every((fn) => fn.kind === 'closure') ? [] : undefined;
    }
    default:
      return undefined;
  }
}

/** The fields that a pattern takes out; undefined with a rest, or with computed names. */
function namesOf(pattern: Extract<Node, { type: 'ObjectPattern' }>): string[] | undefined {
  const names: string[] = [];
  for (const property of pattern.properties) {
    const name = property.type === 'Property' ? propertyName(property.key, property.computed) : undefined;
    if (name === undefined) return undefined;
    names.push(name);
  }
  return names;
}
