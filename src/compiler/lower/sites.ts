// Which object literals need not be made: their fields are stored where the record is going anyway.
import type { FieldType, Struct } from '../../schema/index.js';
import type { OperatorPlan } from '../analyse/analyse-operator.js';
import type { ArrayType, RecordType } from '../analyse/record-type.js';
import { only, type Value } from '../analyse/value.js';
import {
  type FunctionNode,
  isFunction,
  type Node,
  type ObjectExpression,
  propertyName,
  walk,
} from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';

/** An object literal whose fields are stored in a scratch record of its own instead. */
export interface Site {
  readonly node: ObjectExpression;
  readonly type: RecordType;
  readonly struct: Struct;
}

/**
 * The literals of an operator that can be stored in place.
 *
 * A literal is when nobody could tell: it is evaluated at most once in a step, its value goes only to where records are
 * emitted or kept (it is returned, or handed to `emit` or `state.set`), it has just the fields of the layout, and every
 * field reads back as what was stored.
 */
export function sitesOf(
  plan: OperatorPlan,
  functions: readonly ParsedFunction[],
): Map<ObjectExpression, Site> {
  const sites = new Map<ObjectExpression, Site>();
  const parents = new Map<Node, Node>();
  for (const fn of functions) collectParents(fn.node, parents);
  for (const [node, use] of plan.analysis.literals) {
    const [type] = use.types;
    if (node.type !== 'ObjectExpression' || type === undefined || use.repeated) continue;
    if (use.types.size !== 1 || use.contexts.size !== 1) continue;
    if (!goesOut(plan, node, parents)) continue;
    const struct = homeOf(plan, type);
    if (
      struct !== undefined &&
      isPlain(plan, node, handlesState(plan, rootOf(node, parents) as FunctionNode)) &&
      isExact(plan, type, struct) &&
      !changesParts(plan, node)
    )
      sites.set(node, { node, type, struct });
  }
  return sites;
}

function collectParents(node: Node, parents: Map<Node, Node>): void {
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child === null || typeof child !== 'object' || typeof child.type !== 'string') continue;
      parents.set(child, node);
      collectParents(child, parents);
    }
  }
}

function rootOf(node: Node, parents: ReadonlyMap<Node, Node>): Node {
  const parent = parents.get(node);
  return parent === undefined ? node : rootOf(parent, parents);
}

/** Whether there may be no state: it is not there from the start, or it may be deleted. */
export function mayLackState({ definition, handles }: OperatorPlan): boolean {
  return definition.seed === undefined || handles.deletes;
}

/** Whether a function is given the state as a whole, and finds out itself whether there is one. */
export function handlesState(plan: OperatorPlan, fn: FunctionNode): boolean {
  const { handles, analysis } = plan;
  if (!mayLackState(plan)) return false;
  return fn.params.some((param) => analysis.facts.get(param)?.namespaces?.has(handles.state));
}

/** Whether a literal is returned, emitted or kept, and nothing else. */
function goesOut(plan: OperatorPlan, node: Node, parents: ReadonlyMap<Node, Node>): boolean {
  const parent = parents.get(node);
  if (parent === undefined) return false;
  switch (parent.type) {
    case 'ReturnStatement':
      return true;
    case 'ConditionalExpression':
      return parent.test !== node && goesOut(plan, parent, parents);
    case 'LogicalExpression':
      return parent.right === node && goesOut(plan, parent, parents);
    case 'SequenceExpression':
      return parent.expressions.at(-1) === node && goesOut(plan, parent, parents);
    case 'CallExpression': {
      const callee = plan.analysis.facts.get(parent.callee) ?? calledMember(plan, parent.callee);
      const known = [...(callee?.functions ?? [])];
      return (
        known.length > 0 &&
        known.every((fn) => fn.kind === 'known' && (fn.name === 'emit' || fn.name === 'set'))
      );
    }
    default:
      return isFunction(parent) && parent.body === node;
  }
}

function calledMember(plan: OperatorPlan, callee: Node): Value | undefined {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined;
  const [namespace] = plan.analysis.facts.get(callee.object)?.namespaces ?? [];
  return namespace?.get(callee.property.name);
}

/** The one layout that a literal is stored in. */
function homeOf(plan: OperatorPlan, type: RecordType): Struct | undefined {
  const { stateType, outType, comparedType } = plan.handles;
  const homes = [
    stateType.sources.has(type) ? plan.state : undefined,
    outType.sources.has(type) ? plan.output : undefined,
    comparedType.sources.has(type) ? plan.compared : undefined,
    ...plan.tables.map((table) => (table.type.sources.has(type) ? table.value : undefined)),
  ].filter((struct) => struct !== undefined);
  const [first] = homes;
  return homes.every((struct) => struct.fingerprint === first?.fingerprint) ? first : undefined;
}

/**
 * Whether a literal is written in the forms that can be stored field by field.
 *
 * @param inHandler Whether it stands where a state may be missing ({@link handlesState}).
 */
export function isPlain(plan: OperatorPlan, node: ObjectExpression, inHandler: boolean): boolean {
  return node.properties.every((property, i) => {
    if (property.type === 'SpreadElement')
      return isWhole(plan, property.argument, { isThereBefore: i > 0, inHandler });
    if (property.kind !== 'init' || property.method) return false;
    const name = propertyName(property.key, property.computed);
    if (name === undefined || name === '__proto__' || property.computed) return false;
    // What is overwritten may be of another type than the field.
    return !namesAfter(plan, node, i).has(name);
  });
}

/** The fields that a literal's properties behind one of them give, whatever it gave. */
export function namesAfter(plan: OperatorPlan, node: ObjectExpression, i: number): ReadonlySet<string> {
  return new Set(
    node.properties.slice(i + 1).flatMap((property) => {
      if (property.type === 'SpreadElement') return spreadNames(plan, property.argument) ?? [];
      return propertyName(property.key, property.computed) ?? [];
    }),
  );
}

/** The fields of what is spread. */
function spreadNames(plan: OperatorPlan, spread: Node): readonly string[] | undefined {
  return [...(plan.analysis.facts.get(spread)?.records ?? [])][0]?.fieldNames();
}

/** Whether what is spread has all of its fields each time: one that it lacks would leave what was there before. */
function isWhole(
  plan: OperatorPlan,
  spread: Node,
  { isThereBefore, inHandler }: { readonly isThereBefore: boolean; readonly inHandler: boolean },
): boolean {
  const value = plan.analysis.facts.get(spread);
  if (value === undefined || !only(value, 'records')) return false;
  const [first, ...others] = [...(value.records ?? [])];
  const names = first?.fieldNames();
  if (names === undefined) return false;
  // A state that has not been set yet is taken for a record. Fields that refuse what it lacks would do so before the fields
  // after them have been evaluated.
  if (value.records?.has(plan.handles.stateType)) {
    if (isThereBefore) return false;
    if (inHandler && !Object.values(plan.state?.fields ?? {}).every(takesUndefined)) return false;
  }
  return others.every((record) => {
    const own = record.fieldNames();
    return own?.length === names.length && own.every((name) => names.includes(name));
  });
}

function takesUndefined(type: FieldType): boolean {
  return type.kind === 'scalar' && type.type !== 'text' && type.type !== 'i64' && type.type !== 'u64';
}

/** Whether a part of a literal that it holds by reference may be changed by what its later fields do. */
function changesParts(plan: OperatorPlan, node: ObjectExpression): boolean {
  let holds = false;
  const changed = (part: Node): boolean => {
    if (part.type === 'ObjectExpression')
      return part.properties.some((one) => changed(one.type === 'SpreadElement' ? one.argument : one.value));
    if (part.type === 'ArrayExpression')
      return part.elements.some((one) => one !== null && one.type !== 'SpreadElement' && changed(one));
    if (holds && hasEffects(plan, part)) return true;
    const { records = [], arrays = [] } = plan.analysis.facts.get(part) ?? {};
    holds ||= [...records, ...arrays].some(({ kind, readonly }) => kind !== 'stored' || !readonly);
    return false;
  };
  return changed(node);
}

/** Whether an expression assigns something, or calls what may. */
function hasEffects(plan: OperatorPlan, node: Node): boolean {
  let found = false;
  walk(node, (part) => {
    if (part.type === 'AssignmentExpression' || part.type === 'UpdateExpression') found = true;
    if (part.type !== 'CallExpression') return;
    const called = [...(plan.analysis.facts.get(part.callee)?.functions ?? [])];
    if (called.some((fn) => fn.kind === 'closure')) found = true;
  });
  return found;
}

/** Whether all that a literal's fields hold reads back unchanged. */
function isExact(plan: OperatorPlan, type: RecordType, struct: Struct): boolean {
  if (type.opaque !== undefined || type.added.size > 0) return false;
  const names = Object.keys(struct.fields);
  if (type.fields.size !== names.length) return false;
  return names.every((name) => {
    const cell = type.fields.get(name);
    return cell !== undefined && fits(plan, cell.value, struct.fields[name] as FieldType);
  });
}

function fits(plan: OperatorPlan, value: Value, type: FieldType): boolean {
  if (type.kind === 'struct') {
    return (
      only(value, 'records') &&
      [...(value.records ?? [])].every((record) => recordFits(plan, record, type.struct))
    );
  }
  if (type.kind === 'array') {
    return only(value, 'arrays') && [...(value.arrays ?? [])].every((array) => arrayFits(plan, array, type));
  }
  switch (type.type) {
    case 'f64':
      return only(value, 'number');
    case 'bool':
      return only(value, 'bool');
    case 'text':
      return only(value, 'text');
    case 'i64':
    case 'u64':
      return only(value, 'bigint') && value.bigint?.type === type.type;
    default:
      return only(value, 'number') && value.number?.type === type.type;
  }
}

function recordFits(plan: OperatorPlan, record: RecordType, struct: Struct): boolean {
  if (record.kind === 'literal') return isExact(plan, record, struct);
  return plan.layouts.settle(record)?.fingerprint === struct.fingerprint;
}

function arrayFits(
  plan: OperatorPlan,
  array: ArrayType,
  type: Extract<FieldType, { kind: 'array' }>,
): boolean {
  const [length] = array.lengths();
  return length === type.length && array.lengths().size === 1 && fits(plan, array.read(), type.element);
}

/** Whether a value may be a view over memory rather than an object of its own. */
export function mayBeView(value: Value | undefined, sites: ReadonlyMap<ObjectExpression, Site>): boolean {
  if (value === undefined) return false;
  if (value.unknown || value.namespaces) return true;
  const inPlace = new Set([...sites.values()].map((site) => site.type));
  for (const record of value.records ?? []) if (record.kind !== 'literal' || inPlace.has(record)) return true;
  for (const array of value.arrays ?? []) if (array.kind !== 'literal') return true;
  return false;
}

/** Whether a value is a view for sure. */
export function isView(value: Value | undefined, sites: ReadonlyMap<ObjectExpression, Site>): boolean {
  if (value === undefined || !only(value, 'records')) return false;
  const inPlace = new Set([...sites.values()].map((site) => site.type));
  return [...(value.records ?? [])].every((record) => record.kind !== 'literal' || inPlace.has(record));
}
