// Assignments: to variables, members and patterns; compound, logical, and `++`.
import type { Node, Of } from '../parse/ast.js';
import { at, evaluate, memberName, objectOf } from './evaluate.js';
import { readComputed, readMember, writeComputed, writeMember } from './members.js';
import { type Operand, UNDEFINED } from './operand.js';
import { binaryOperator, stepped, toNumeric } from './operators.js';
import { bind } from './patterns.js';
import { refuse } from './reasons.js';
import type { Frame } from './scope.js';

/** Something that can be assigned to, its object and index evaluated once. */
interface Reference {
  read(): Operand;
  write(value: Operand): void;
}

export function referenceTo(frame: Frame, node: Node): Reference {
  const { low } = frame;
  if (node.type === 'ParenthesizedExpression') return referenceTo(frame, node.expression);
  if (node.type === 'Identifier') {
    const cell = frame.cellOf(node) ?? refuse(`${node.name} is assigned before it is declared`);
    return { read: () => low.read(cell), write: (value) => low.write(cell, value) };
  }
  if (node.type !== 'MemberExpression') return refuse(`${node.type} is assigned`);
  const object = low.pinned(objectOf(frame, node), 'object');
  const name = memberName(node);
  if (name !== undefined) {
    return {
      read: () => readMember(low, object, name),
      write: (value) => at(frame, node, () => writeMember(low, object, name, value)),
    };
  }
  const index = low.pinned(evaluate(frame, node.property), 'index');
  return {
    read: () => readComputed(low, object, index),
    write: (value) => at(frame, node, () => writeComputed(low, object, index, value)),
  };
}

/** `a = b`, `a += b` */
export function assign(frame: Frame, node: Of<'AssignmentExpression'>): Operand {
  const { low } = frame;
  if (node.operator === '=') {
    if (node.left.type === 'ObjectPattern' || node.left.type === 'ArrayPattern') {
      const value = evaluate(frame, node.right);
      if (low.reachable) bind(frame, node.left, value, false);
      return value;
    }
    const to = referenceTo(frame, node.left);
    const value = low.pinned(evaluate(frame, node.right), 'value');
    if (low.reachable) to.write(value);
    return value;
  }
  const to = referenceTo(frame, node.left);
  const before = low.reachable ? to.read() : UNDEFINED;
  const right = evaluate(frame, node.right);
  if (!low.reachable) return UNDEFINED;
  const value = low.pinned(binaryOperator(low, node.operator.slice(0, -1), before, right), 'value');
  to.write(value);
  return value;
}

/** `a ??= b`, `a ||= b`, `a &&= b` */
export function assignLogical(frame: Frame, node: Of<'AssignmentExpression'>): Operand {
  const { low } = frame;
  const to = referenceTo(frame, node.left);
  const set = () => {
    const value = low.pinned(evaluate(frame, node.right), 'value');
    if (low.reachable) to.write(value);
    return value;
  };
  let kept: Operand = UNDEFINED;
  const value = low.either(
    (exit) => {
      const before = to.read();
      const leave = (given: Operand) => low.jump(exit, given);
      if (node.operator === '&&=') kept = low.requireFalsy(before, leave);
      else if (node.operator === '||=') kept = low.requireTruthy(before, leave);
      else kept = low.requirePresent(before, leave);
    },
    () => kept,
    set,
  );
  return value ?? UNDEFINED;
}

/** `a++`, `--a` */
export function update(frame: Frame, node: Of<'UpdateExpression'>): Operand {
  const { low } = frame;
  const to = referenceTo(frame, node.argument);
  if (!low.reachable) return UNDEFINED;
  const before = low.pinned(toNumeric(to.read()), 'before');
  const after = low.pinned(stepped(low, node.operator, before), 'after');
  to.write(after);
  return node.prefix ? after : before;
}
