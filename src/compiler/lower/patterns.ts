// Binding patterns: parameters, declarations and destructuring assignments.
import { type Node, type Of, propertyName } from '../parse/ast.js';
import { referenceTo } from './assign.js';
import { at, evaluate } from './evaluate.js';
import { elementsOf } from './fields.js';
import { tupleOf } from './literals.js';
import { fieldNames, nameOf, readComputed, readMember } from './members.js';
import { type Cell, type NamespaceOperand, type Operand, type SingleOperand, UNDEFINED } from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import type { Frame } from './scope.js';

/** Binds or assigns a value to a pattern. */
export function bind(frame: Frame, pattern: Node, value: Operand, declares: boolean): void {
  at(frame, pattern, () => bindTo(frame, pattern, value, declares));
}

function bindTo(frame: Frame, pattern: Node, value: Operand, declares: boolean): void {
  const { low } = frame;
  switch (pattern.type) {
    case 'Identifier':
      if (declares) frame.declare(pattern, value);
      else referenceTo(frame, pattern).write(value);
      return;
    case 'AssignmentPattern':
      bind(frame, pattern.left, withDefault(frame, pattern, value), declares);
      return;
    case 'ObjectPattern':
      bindObject(frame, pattern, value, declares);
      return;
    case 'ArrayPattern':
      bindArray(frame, pattern, value, declares);
      return;
    default: {
      const to = referenceTo(frame, pattern);
      to.write(low.pinned(value, 'value'));
    }
  }
}

/** `a = b` in a pattern: `b` where the value is undefined. */
function withDefault(frame: Frame, pattern: Of<'AssignmentPattern'>, value: Operand): Operand {
  const { low } = frame;
  const isUndefined = (single: SingleOperand) => single.kind === 'nil' && single.value === undefined;
  if (value.kind !== 'union') return isUndefined(value) ? evaluate(frame, pattern.right) : value;
  if (!value.alternatives.some(isUndefined)) return value;
  return low.each(value, (single) => (isUndefined(single) ? evaluate(frame, pattern.right) : single));
}

function bindObject(frame: Frame, pattern: Of<'ObjectPattern'>, value: Operand, declares: boolean): void {
  const { low } = frame;
  if (mayBeNil(value)) refuse(`${describeOperand(value)} is taken apart`);
  const from = low.pinned(value, 'value');
  const taken: string[] = [];
  for (const property of pattern.properties) {
    if (property.type === 'RestElement') {
      bind(frame, property.argument, restOf(frame, from, taken), declares);
      continue;
    }
    const name = propertyName(property.key, property.computed);
    if (name !== undefined) {
      taken.push(name);
      bind(frame, property.value, memberOf(frame, from, name), declares);
      continue;
    }
    const key = evaluate(frame, property.key);
    taken.push(nameOf(key) ?? '');
    bind(frame, property.value, readComputed(low, from, key), declares);
  }
}

/** A member that may be missing: what a step is given is taken apart with defaults. */
function memberOf({ low }: Frame, from: Operand, name: string): Operand {
  if (from.kind === 'namespace') return from.member(name) ?? UNDEFINED;
  return readMember(low, from, name);
}

const mayBeNil = (value: Operand): boolean =>
  value.kind === 'union' ? value.alternatives.some(mayBeNil) : value.kind === 'nil';

/** What `...rest` of a record is: a literal of the fields that were not taken. */
function restOf({ low }: Frame, value: Operand, taken: readonly string[]): Operand {
  if (value.kind === 'namespace') return restOfNamespace(value, taken);
  const names = value.kind === 'union' ? undefined : fieldNames(value);
  if (names === undefined) return refuse(`the rest of ${describeOperand(value)} is taken`);
  const fields = new Map<string, Cell>();
  for (const name of names)
    if (!taken.includes(name)) fields.set(name, low.cell(name, readMember(low, value, name)));
  return { kind: 'object', fields };
}

function restOfNamespace(of: NamespaceOperand, taken: readonly string[]): Operand {
  return {
    kind: 'namespace',
    name: of.name,
    member: (name) => (taken.includes(name) ? undefined : of.member(name)),
    members: (of.members ?? []).filter((name) => !taken.includes(name)),
  };
}

function bindArray(frame: Frame, pattern: Of<'ArrayPattern'>, value: Operand, declares: boolean): void {
  const { low } = frame;
  const elements = elementsOf(low, value) ?? refuse(`${describeOperand(value)} is taken apart as an array`);
  pattern.elements.forEach((element, i) => {
    if (element === null || !low.reachable) return;
    if (element.type === 'RestElement') {
      const rest = Array.from({ length: Math.max(0, elements.length - i) }, (_, n) => elements.at(i + n));
      bind(frame, element.argument, tupleOf(frame, rest), declares);
    } else bind(frame, element, i < elements.length ? elements.at(i) : UNDEFINED, declares);
  });
}
