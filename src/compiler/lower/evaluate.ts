// Lowers expressions: what each is, once all that it does has been added to the function.
import { type Expression, isFunction, type Node, type Of, propertyName } from '../parse/ast.js';
import { assign, assignLogical, update } from './assign.js';
import { bigintConstant } from './bigints.js';
import { NotCompilable } from './builder.js';
import { argumentsOf, lowerCall } from './calls.js';
import { chainValue } from './chains.js';
import { globalOperand } from './globals.js';
import { arrayLiteral, objectLiteral } from './literals.js';
import { hasMember, readComputed, readMember } from './members.js';
import { numberConstant } from './numbers.js';
import { arrayOfLength, objectGlobal } from './objects.js';
import { NULL, type Operand, UNDEFINED } from './operand.js';
import { binaryOperator, textConstant, unaryOperator } from './operators.js';
import { refuse } from './reasons.js';
import type { Frame } from './scope.js';
import { whenFalsy, whenPresent, whenTruthy } from './tests.js';
import { boolConstant } from './truth.js';

/** What an expression is. Where control can't be, it is undefined. */
export function evaluate(frame: Frame, node: Node): Operand {
  const { low } = frame;
  if (!low.reachable) return UNDEFINED;
  return at(frame, node, () => evaluateKind(frame, node as Expression));
}

/** Runs `lower` with a place for what it refuses and where it fails. */
export function at<T>(frame: Frame, node: Node, lower: () => T): T {
  const { low } = frame;
  const { source, node: outer } = low;
  low.source = frame.source;
  low.node = node;
  try {
    return lower();
  } catch (error) {
    if (error instanceof NotCompilable && error.node === undefined)
      throw new NotCompilable(error.reason, frame.source, node);
    throw error;
  } finally {
    low.source = source;
    low.node = outer;
  }
}

function evaluateKind(frame: Frame, node: Expression): Operand {
  const { low } = frame;
  if (isFunction(node)) return { kind: 'closure', source: frame.source, node, scope: frame.scope };
  switch (node.type) {
    case 'Literal':
      return literal(frame, node);
    case 'TemplateLiteral':
      return template(frame, node);
    case 'Identifier':
      return identifier(frame, node);
    case 'MemberExpression':
      return member(frame, node);
    case 'ChainExpression':
      return chainValue(frame, node);
    case 'CallExpression':
      return lowerCall(frame, node);
    case 'ObjectExpression':
      return objectLiteral(frame, node);
    case 'ArrayExpression':
      return arrayLiteral(frame, node);
    case 'UnaryExpression':
      if (node.operator === 'delete') return refuse('`delete` changes which fields a record has');
      return unaryOperator(low, node.operator, evaluate(frame, node.argument));
    case 'UpdateExpression':
      return update(frame, node);
    case 'BinaryExpression':
      return binary(frame, node);
    case 'AssignmentExpression':
      return /^(&&|\|\||\?\?)=$/.test(node.operator) ? assignLogical(frame, node) : assign(frame, node);
    case 'LogicalExpression':
      return logical(frame, node);
    case 'ConditionalExpression':
      return (
        low.either(
          (exit) => void whenTruthy(frame, node.test, () => low.jump(exit)),
          () => evaluate(frame, node.consequent),
          () => evaluate(frame, node.alternate),
        ) ?? UNDEFINED
      );
    case 'SequenceExpression': {
      let value: Operand = UNDEFINED;
      for (const part of node.expressions) value = evaluate(frame, part);
      return value;
    }
    case 'ParenthesizedExpression':
      return evaluate(frame, node.expression);
    case 'NewExpression': {
      const { callee } = node;
      if (callee.type === 'Identifier' && callee.name === 'Array' && frame.bindingOf(callee) === undefined)
        return arrayOfLength(frame, argumentsOf(frame, node));
      return refuse('`new` makes an object that only JavaScript has');
    }
    default:
      return refuse(`${node.type} is not known to the compiler`);
  }
}

function literal({ low }: Frame, node: Of<'Literal'>): Operand {
  if (node.bigint != null) return bigintConstant(BigInt(node.bigint));
  if (node.regex) return refuse('regular expressions run in JavaScript only');
  switch (typeof node.value) {
    case 'number':
      return numberConstant(node.value);
    case 'string':
      return textConstant(low, node.value);
    case 'boolean':
      return boolConstant(node.value);
    default:
      return NULL;
  }
}

function template(frame: Frame, node: Of<'TemplateLiteral'>): Operand {
  let text = node.quasis[0]?.value.cooked ?? '';
  node.expressions.forEach((part, i) => {
    const value = evaluate(frame, part);
    if (value.kind !== 'text' || value.constant === undefined) refuse('a template makes a new string');
    else text += value.constant + (node.quasis[i + 1]?.value.cooked ?? '');
  });
  return textConstant(frame.low, text);
}

function identifier(frame: Frame, node: Of<'Identifier'>): Operand {
  const binding = frame.bindingOf(node);
  if (binding === undefined) {
    return (
      objectGlobal(frame, node.name) ??
      globalOperand(frame.low, node.name) ??
      refuse(`${node.name} is available to JavaScript only`)
    );
  }
  const cell = frame.scope.find(binding);
  return cell === undefined ? refuse(`${node.name} is used before it has a value`) : frame.low.read(cell);
}

/** The name that a member expression reads, where it is known. */
export function memberName(node: Of<'MemberExpression'>): string | undefined {
  if (node.property.type === 'PrivateIdentifier') return undefined;
  return propertyName(node.property, node.computed);
}

function member(frame: Frame, node: Of<'MemberExpression'>): Operand {
  const object = objectOf(frame, node);
  const name = memberName(node);
  if (name !== undefined) return readMember(frame.low, object, name);
  return readComputed(frame.low, object, evaluate(frame, node.property));
}

/** The object of a member expression; `?.` cuts the chain short where there is none. */
export function objectOf(frame: Frame, node: Of<'MemberExpression'>): Operand {
  if (node.object.type === 'Super') return refuse('it uses `super`');
  const object = evaluate(frame, node.object);
  const { cut } = frame;
  if (!node.optional || cut === undefined) return object;
  return frame.low.requirePresent(object, cut, frame.cellOf(node.object));
}

function binary(frame: Frame, node: Of<'BinaryExpression'>): Operand {
  const { low } = frame;
  if (node.left.type === 'PrivateIdentifier') return refuse('private names belong to classes');
  const left = evaluate(frame, node.left);
  const right = evaluate(frame, node.right);
  if (!low.reachable) return UNDEFINED;
  if (node.operator === 'in') return hasMember(left, right);
  if (node.operator === 'instanceof') return refuse('`instanceof` asks for a class');
  return binaryOperator(low, node.operator, left, right);
}

function logical(frame: Frame, node: Of<'LogicalExpression'>): Operand {
  const { low } = frame;
  let kept: Operand = UNDEFINED;
  const right = () => evaluate(frame, node.right);
  const value =
    node.operator === '&&'
      ? low.either(
          (exit) => void whenTruthy(frame, node.left, (value) => low.jump(exit, value)),
          right,
          (value) => value,
        )
      : node.operator === '||'
        ? low.either(
            (exit) => void whenFalsy(frame, node.left, (value) => low.jump(exit, value)),
            right,
            (value) => value,
          )
        : low.either(
            (exit) => {
              kept = whenPresent(frame, node.left, () => low.jump(exit));
            },
            () => kept,
            right,
          );
  return value ?? UNDEFINED;
}
