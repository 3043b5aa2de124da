// Evaluates expressions: what each may be, without running it.
import { functionSo } from '../diagnostics/remedies.js';
import { leavingOut } from '../diagnostics/rewrites.js';
import { type Expression, isFunction, type Node, type Of, propertyName } from '../parse/ast.js';
import { type Activation, copyEnv, joinEnvs } from './activation.js';
import { binary, update } from './arithmetic.js';
import { evaluateCall, evaluateNew } from './calls.js';
import { globalValue } from './globals.js';
import { evaluateArray, evaluateObject } from './literals.js';
import { readComputed, readMember, writeComputed, writeMember } from './members.js';
import { narrow, present } from './narrow.js';
import { bind } from './patterns.js';
import {
  BOOL,
  bigintOf,
  boolConstant,
  F64,
  falsyPart,
  functionOf,
  isFalsy,
  isNever,
  isTruthyConstant,
  join,
  NEVER,
  NIL,
  numberConstant,
  only,
  presentPart,
  STRING,
  textConstant,
  textLiteral,
  truthyPart,
  unknown,
  type Value,
} from './value.js';

/** What an expression may be. Where control can't be, nothing. */
export function evaluate(act: Activation, node: Node): Value {
  if (act.env === undefined) return NEVER;
  return act.analysis.note(node, evaluateKind(act, node as Expression));
}

function evaluateKind(act: Activation, node: Expression): Value {
  if (isFunction(node)) return functionOf(act.analysis.closure(act, node));
  switch (node.type) {
    case 'Literal':
      return literal(node);
    case 'TemplateLiteral':
      if (node.expressions.length === 0) return textLiteral(node.quasis[0]?.value.cooked ?? '');
      for (const part of node.expressions) evaluate(act, part);
      return STRING;
    case 'Identifier': {
      const binding = act.source.scopes.bindings.get(node);
      return binding === undefined ? globalValue(node.name) : act.read(binding);
    }
    case 'MemberExpression':
      return evaluateMember(act, node);
    case 'ChainExpression': {
      const outer = act.cut;
      act.cut = false;
      const value = evaluate(act, node.expression);
      const cut = act.cut;
      act.cut = outer;
      return cut ? join(value, NIL) : value;
    }
    case 'CallExpression':
      return evaluateCall(act, node);
    case 'NewExpression':
      return evaluateNew(act, node);
    case 'ObjectExpression':
      return evaluateObject(act, node);
    case 'ArrayExpression':
      return evaluateArray(act, node);
    case 'UnaryExpression':
      return unary(act, node);
    case 'UpdateExpression': {
      const before = evaluate(act, node.argument);
      const after = update(before);
      writeTo(act, node.argument, after);
      return node.prefix ? after : join(after, before.number ? { number: before.number } : NEVER);
    }
    case 'BinaryExpression': {
      const left = node.left.type === 'PrivateIdentifier' ? NEVER : evaluate(act, node.left);
      return binary(act, node, node.operator, left, evaluate(act, node.right));
    }
    case 'AssignmentExpression':
      return assign(act, node);
    case 'LogicalExpression':
      return logical(act, node);
    case 'ConditionalExpression':
      return conditional(act, node);
    case 'SequenceExpression': {
      let value: Value = NEVER;
      for (const part of node.expressions) value = evaluate(act, part);
      return value;
    }
    case 'ParenthesizedExpression':
      return evaluate(act, node.expression);
    case 'TaggedTemplateExpression':
      evaluate(act, node.tag);
      for (const part of node.quasi.expressions) evaluate(act, part);
      return unknown('a tagged template');
    case 'AwaitExpression':
      evaluate(act, node.argument);
      return unknown('awaited');
    case 'YieldExpression':
      if (node.argument) evaluate(act, node.argument);
      return unknown('what a generator is resumed with');
    case 'ThisExpression':
      return unknown('`this`');
    case 'ClassExpression':
      return unknown('a class');
    default:
      return unknown(`the result of ${node.type}`);
  }
}

function literal(node: Of<'Literal'>): Value {
  if (node.bigint != null) return { bigint: { type: 'bare', constant: BigInt(node.bigint) } };
  if (node.regex) return globalValue('a regular expression');
  switch (typeof node.value) {
    case 'number':
      return numberConstant(node.value);
    case 'string':
      return textLiteral(node.value);
    case 'boolean':
      return boolConstant(node.value);
    default:
      return NIL;
  }
}

/** The name that a member expression reads, where it is known. */
export function memberName(act: Activation, node: Of<'MemberExpression'>): string | undefined {
  if (node.property.type === 'PrivateIdentifier') return undefined;
  return propertyName(node.property, node.computed) ?? textConstant(evaluate(act, node.property));
}

function evaluateMember(act: Activation, node: Of<'MemberExpression'>): Value {
  const object = evaluateObjectOf(act, node);
  const name = memberName(act, node);
  if (name !== undefined) return readMember(act, object, name, node.property);
  return readComputed(act, object, evaluate(act, node.property), node.property);
}

/** The object of a member expression; notes where `?.` may cut the chain short. */
export function evaluateObjectOf(act: Activation, node: Of<'MemberExpression'>): Value {
  if (node.object.type === 'Super') return unknown('super');
  const object = evaluate(act, node.object);
  if (node.optional && (object.nil || object.unknown)) act.cut = true;
  return object;
}

/** A record has its fields for good. */
function deleted(act: Activation, node: Of<'UnaryExpression'>): void {
  const { argument } = node;
  if (!act.analysis.reporting || argument.type !== 'MemberExpression') return;
  const field = memberName(act, argument);
  const object = act.analysis.facts.get(argument.object) ?? NEVER;
  if (field === undefined || !only(object, 'records')) return;
  const { source } = act;
  const code = act.fn === source.node ? leavingOut(source, argument.object, field, node) : undefined;
  const problem = { record: 'the record', difference: `field ${field} is deleted` };
  act.analysis.problem('FIELDS_DIFFER', problem, act.at(node), code && functionSo(code));
}

function unary(act: Activation, node: Of<'UnaryExpression'>): Value {
  const value = evaluate(act, node.argument);
  if (node.operator === 'delete') deleted(act, node);
  switch (node.operator) {
    case '!':
      if (isFalsy(value)) return boolConstant(true);
      return isTruthyConstant(value) ? boolConstant(false) : BOOL;
    case 'typeof':
      return STRING;
    case 'void':
      return NIL;
    case 'delete':
      return BOOL;
    case '+':
      return F64;
    default: {
      if (isNever(value)) return NEVER;
      const constant = value.number?.constant;
      if (node.operator === '-' && constant !== undefined && only(value, 'number'))
        return numberConstant(-constant);
      const big = value.bigint ? bigintOf(value.bigint.type) : NEVER;
      return only(value, 'bigint') ? big : join(F64, big);
    }
  }
}

function assign(act: Activation, node: Of<'AssignmentExpression'>): Value {
  if (node.operator === '=') {
    const value = evaluate(act, node.right);
    bind(act, node.left, value, false);
    return value;
  }
  const before = evaluate(act, node.left);
  const operator = node.operator.slice(0, -1);
  if (operator === '&&' || operator === '||' || operator === '??') {
    const value = logicalOf(act, operator, node.left, before, () => {
      const right = evaluate(act, node.right);
      writeTo(act, node.left, right);
      return right;
    });
    return value;
  }
  const value = binary(act, node, operator, before, evaluate(act, node.right));
  writeTo(act, node.left, value);
  return value;
}

/** Assigns a value to a variable or member. */
export function writeTo(act: Activation, target: Node, value: Value): void {
  if (target.type === 'Identifier') {
    const binding = act.source.scopes.bindings.get(target);
    if (binding !== undefined) act.write(binding, value);
  } else if (target.type === 'MemberExpression' && target.object.type !== 'Super') {
    const written = evaluate(act, target.object);
    const name = memberName(act, target);
    if (name !== undefined) writeMember(act, written, name, value, target);
    else writeComputed(act, written, evaluate(act, target.property), value, target);
  } else {
    bind(act, target, value, false);
  }
}

function logical(act: Activation, node: Of<'LogicalExpression'>): Value {
  return logicalOf(act, node.operator, node.left, evaluate(act, node.left), () => evaluate(act, node.right));
}

function logicalOf(act: Activation, operator: string, test: Node, left: Value, right: () => Value): Value {
  if (operator === '??') {
    const before = copyEnv(act.env);
    const other = right();
    const after = act.env;
    act.env = before;
    present(act, test);
    act.env = joinEnvs(act.env, after);
    return join(presentPart(left), other);
  }
  const goesOn = operator === '&&';
  const kept = goesOn ? falsyPart(left) : truthyPart(left);
  if (goesOn ? isFalsy(left) : isTruthyConstant(left)) return left;
  const before = copyEnv(act.env);
  narrow(act, test, goesOn);
  const other = right();
  const after = act.env;
  act.env = before;
  narrow(act, test, !goesOn);
  act.env = joinEnvs(act.env, after);
  return join(kept, other);
}

function conditional(act: Activation, node: Of<'ConditionalExpression'>): Value {
  const test = evaluate(act, node.test);
  if (isFalsy(test)) return evaluate(act, node.alternate);
  if (isTruthyConstant(test)) return evaluate(act, node.consequent);
  const before = copyEnv(act.env);
  narrow(act, node.test, true);
  const yes = evaluate(act, node.consequent);
  const after = act.env;
  act.env = before;
  narrow(act, node.test, false);
  const no = evaluate(act, node.alternate);
  act.env = joinEnvs(after, act.env);
  return join(yes, no);
}
