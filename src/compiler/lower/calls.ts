// Calls: the functions of the code are inlined, those of the language are operations on operands.
import type { Node, Of } from '../parse/ast.js';
import { isKeepName } from '../parse/build-tools.js';
import type { Binding } from '../parse/scopes.js';
import type { Exit } from './control.js';
import { evaluate, memberName, objectOf } from './evaluate.js';
import { spreadElements, tupleOf } from './literals.js';
import type { Lowering } from './lowering.js';
import { readMember } from './members.js';
import { callMethod } from './methods.js';
import { type ClosureOperand, type Operand, UNDEFINED } from './operand.js';
import { bind } from './patterns.js';
import { describeOperand, refuse } from './reasons.js';
import { Frame, type Scope } from './scope.js';
import { statements } from './statements.js';

/** `f(a, b)` */
export function lowerCall(frame: Frame, node: Of<'CallExpression'>): Operand {
  const { low } = frame;
  if (isKeepName(node, frame.source)) return evaluate(frame, node.arguments[0] as Node);
  const { callee } = node;
  if (callee.type === 'Super') return refuse('it uses `super`');
  if (callee.type === 'MemberExpression') {
    const object = low.pinned(objectOf(frame, callee), 'object');
    const name = memberName(callee);
    if (name === undefined) return refuse('a function is called by a name that is computed');
    if (object.kind === 'namespace')
      return callOperand(low, readMember(low, object, name), argumentsOf(frame, node));
    const args = argumentsOf(frame, node);
    if (!low.reachable) return UNDEFINED;
    return low.each(object, (single) => callMethod(frame, single, name, args));
  }
  let fn = evaluate(frame, callee);
  if (node.optional && frame.cut !== undefined) fn = low.requirePresent(fn, frame.cut, frame.cellOf(callee));
  const args = argumentsOf(frame, node);
  return callOperand(low, fn, args);
}

/** The arguments of a call, spread ones one by one. */
export function argumentsOf(frame: Frame, node: Of<'CallExpression'> | Of<'NewExpression'>): Operand[] {
  const args: Operand[] = [];
  for (const argument of node.arguments) {
    if (argument.type === 'SpreadElement')
      args.push(...spreadElements(frame, evaluate(frame, argument.argument)));
    else args.push(frame.low.pinned(evaluate(frame, argument), 'argument'));
  }
  return args;
}

/** Calls whatever an operand may be. */
export function callOperand(low: Lowering, fn: Operand, args: readonly Operand[]): Operand {
  if (!low.reachable) return UNDEFINED;
  return low.each(fn, (single) => {
    switch (single.kind) {
      case 'closure':
        return callClosure(low, single, args);
      case 'known':
        return single.call(args);
      case 'namespace': {
        const called = single.member('()');
        return called?.kind === 'known' ? called.call(args) : refuse(`${single.name} is called`);
      }
      default:
        return refuse(`${describeOperand(single)} is called`);
    }
  });
}

export function callClosure(low: Lowering, fn: ClosureOperand, args: readonly Operand[]): Operand {
  const result = inline(low, fn, args, (frame, argument) =>
    argument === undefined ? UNDEFINED : evaluate(frame, argument),
  );
  return fn.box === undefined || !low.reachable ? result : fn.box(result);
}

/** A call whose callee is known without evaluating anything: of a function that is a variable. */
export interface Called {
  readonly fn: ClosureOperand;
  readonly node: Of<'CallExpression'>;
}

export function calledClosure(frame: Frame, node: Of<'CallExpression'>): Called | undefined {
  const { callee } = node;
  const cell = callee.type === 'Identifier' && !node.optional ? frame.cellOf(callee) : undefined;
  const fn = cell && frame.low.env?.cells.get(cell)?.operand;
  return fn?.kind === 'closure' && fn.box === undefined ? { fn, node } : undefined;
}

/** Inlines a call of which only the truth of the result counts: `test` lowers an expression that is returned. */
export function inlineTested(
  frame: Frame,
  { fn, node }: Called,
  test: (inner: Frame, argument: Node) => Operand,
  testValue: (value: Operand) => Operand,
): Operand {
  const args = argumentsOf(frame, node);
  return inline(frame.low, fn, args, (inner, argument) =>
    argument === undefined ? testValue(UNDEFINED) : test(inner, argument),
  );
}

/**
 * Inlines a call.
 *
 * @param result Lowers what is returned; without an argument that is undefined.
 */
function inline(
  low: Lowering,
  fn: ClosureOperand,
  args: readonly Operand[],
  result: (frame: Frame, argument: Node | undefined) => Operand,
): Operand {
  if (!low.reachable) return UNDEFINED;
  const { node, source } = fn;
  if (node.async || node.generator) return refuse('a function is async or a generator');
  low.enter(node);
  let exit: Exit | undefined;
  const frame = new Frame(low, source, node, fn.scope as Scope | undefined, (inner, argument) => {
    const value = result(inner, argument);
    if (exit !== undefined) low.jump(exit, value);
  });
  try {
    if (node.type === 'FunctionExpression' && node.id) frame.declare(node.id, fn);
    bindParameters(frame, fn, args);
    for (const binding of hoisted(frame)) frame.scope.declare(binding, low.cell(binding.name, UNDEFINED));
    const { body } = node;
    if (body.type !== 'BlockStatement') return result(frame, body);
    return (
      low.block(source.name, (returned) => {
        exit = returned;
        statements(frame, body.body);
        return low.reachable ? result(frame, undefined) : undefined;
      }) ?? UNDEFINED
    );
  } finally {
    low.leaveCall();
  }
}

/** A function that declares more parameters than it is passed gets `using` as its last. */
function bindParameters(frame: Frame, fn: ClosureOperand, given: readonly Operand[]): void {
  const { params } = fn.node;
  const args = [...given];
  if (fn.using !== undefined && params.length > args.length && params.at(-1)?.type !== 'RestElement') {
    while (args.length < params.length - 1) args.push(UNDEFINED);
    args.push(fn.using);
  }
  params.forEach((param, i) => {
    if (param.type === 'RestElement') bind(frame, param.argument, tupleOf(frame, args.slice(i)), true);
    else bind(frame, param, args[i] ?? UNDEFINED, true);
  });
}

const vars = new WeakMap<Node, readonly Binding[]>();

/** Variables declared with `var`: undefined from the start. */
function hoisted({ source, fn }: Frame): readonly Binding[] {
  let found = vars.get(fn);
  if (found === undefined) {
    const all = new Set(source.scopes.bindings.values());
    found = [...all].filter((binding) => binding.kind === 'var' && binding.fn === fn);
    vars.set(fn, found);
  }
  return found;
}
