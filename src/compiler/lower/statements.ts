// Lowers statements.
import type { Node, Of, Statement } from '../parse/ast.js';
import { at, evaluate } from './evaluate.js';
import { doWhileLoop, forLoop, whileLoop } from './for-loops.js';
import { forInLoop, forOfLoop } from './iteration.js';
import { type Operand, UNDEFINED } from './operand.js';
import { bind } from './patterns.js';
import { refuse } from './reasons.js';
import type { Frame } from './scope.js';
import { switchStatement } from './switches.js';
import { whenTruthy } from './tests.js';

/** The statements of a block, in its own scope. */
export function block(frame: Frame, nodes: readonly Node[]): void {
  frame.inScope(() => statements(frame, nodes));
}

export function statements(frame: Frame, nodes: readonly Node[]): void {
  const { low } = frame;
  for (const node of nodes) {
    if (node.type !== 'FunctionDeclaration' || !node.id) continue;
    frame.declare(node.id, { kind: 'closure', source: frame.source, node, scope: frame.scope });
  }
  for (let i = 0; i < nodes.length && low.reachable; i++) {
    const node = nodes[i] as Statement;
    const next = nodes[i + 1];
    if (next?.type === 'IfStatement' && testedAtOnce(frame, node, next)) i++;
    else execute(frame, node, []);
  }
}

/**
 * `const out = …; if (out) …`: where the value is tested at once, the paths that lead to it go on to where they lead.
 *
 * @returns Whether the two statements are that, and have been lowered.
 */
function testedAtOnce(frame: Frame, node: Statement, next: Of<'IfStatement'>): boolean {
  const { low } = frame;
  if (node.type !== 'VariableDeclaration' || node.kind === 'var' || node.declarations.length !== 1)
    return false;
  const [declarator] = node.declarations;
  const id = declarator?.id;
  const init = declarator?.init;
  if (id?.type !== 'Identifier' || init == null) return false;
  const negated = next.test.type === 'UnaryExpression' && next.test.operator === '!';
  const tested = negated ? (next.test as Of<'UnaryExpression'>).argument : next.test;
  const binding = frame.bindingOf(id);
  if (tested.type !== 'Identifier' || binding === undefined || frame.bindingOf(tested) !== binding)
    return false;
  // Where the other way never looks at the value it needs none.
  const otherWay = negated ? next.consequent : next.alternate;
  const isUsed = usesOf(
    frame,
    id,
    (use) => use.start >= next.end || (otherWay != null && within(use, otherWay)),
  );
  let value: Operand = UNDEFINED;
  // One variable on both ways.
  const cell = { name: id.name };
  frame.scope.declare(binding, cell);
  const branch = (to: Statement | null | undefined) => {
    if (to) execute(frame, to, []);
    return UNDEFINED;
  };
  low.either(
    (exit) => {
      value = at(frame, node, () =>
        whenTruthy(frame, init, (falsy) => (isUsed ? low.jump(exit, falsy) : low.jump(exit))),
      );
    },
    () => {
      low.write(cell, value);
      return branch(negated ? next.alternate : next.consequent);
    },
    (falsy) => {
      if (falsy !== undefined) low.write(cell, falsy);
      return branch(negated ? next.consequent : next.alternate);
    },
  );
  return true;
}

const within = (node: Node, outer: Node): boolean => node.start >= outer.start && node.end <= outer.end;

/** Whether a variable is used in some place. */
function usesOf({ source }: Frame, id: Node, where: (use: Node) => boolean): boolean {
  const { bindings } = source.scopes;
  const binding = bindings.get(id as Of<'Identifier'>);
  for (const [use, other] of bindings) if (other === binding && use !== id && where(use)) return true;
  return false;
}

export function execute(frame: Frame, node: Statement, labels: readonly string[]): void {
  if (!frame.low.reachable) return;
  at(frame, node, () => executeKind(frame, node, labels));
}

function executeKind(frame: Frame, node: Statement, labels: readonly string[]): void {
  switch (node.type) {
    case 'ExpressionStatement':
      evaluate(frame, node.expression);
      return;
    case 'VariableDeclaration':
      for (const { id, init } of node.declarations) {
        if (init) bind(frame, id, evaluate(frame, init), true);
        else if (node.kind !== 'var') bind(frame, id, UNDEFINED, true);
      }
      return;
    case 'ReturnStatement':
      frame.returned(frame, node.argument ?? undefined);
      return;
    case 'ThrowStatement':
      throwStatement(frame, node);
      return;
    case 'BlockStatement':
      if (labels.length === 0) block(frame, node.body);
      else labelled(frame, labels, () => block(frame, node.body));
      return;
    case 'IfStatement':
      if (labels.length === 0) ifStatement(frame, node);
      else labelled(frame, labels, () => ifStatement(frame, node));
      return;
    case 'LabeledStatement':
      execute(frame, node.body, [...labels, node.label.name]);
      return;
    case 'BreakStatement':
    case 'ContinueStatement':
      jump(frame, node);
      return;
    case 'WhileStatement':
      whileLoop(frame, node, labels);
      return;
    case 'DoWhileStatement':
      doWhileLoop(frame, node, labels);
      return;
    case 'ForStatement':
      forLoop(frame, node, labels);
      return;
    case 'ForOfStatement':
      forOfLoop(frame, node, labels);
      return;
    case 'ForInStatement':
      forInLoop(frame, node, labels);
      return;
    case 'SwitchStatement':
      switchStatement(frame, node, labels);
      return;
    case 'EmptyStatement':
    case 'FunctionDeclaration':
    case 'DebuggerStatement':
      return;
    case 'TryStatement':
      refuse('`try` needs exceptions');
      return;
    default:
      refuse(`${node.type} is not known to the compiler`);
  }
}

function ifStatement(frame: Frame, node: Of<'IfStatement'>): void {
  const { low } = frame;
  low.either(
    (exit) => void whenTruthy(frame, node.test, () => low.jump(exit)),
    () => {
      execute(frame, node.consequent, []);
      return UNDEFINED;
    },
    () => {
      if (node.alternate) execute(frame, node.alternate, []);
      return UNDEFINED;
    },
  );
}

/** A block that `break label` leaves. */
function labelled(frame: Frame, labels: readonly string[], build: () => void): void {
  frame.low.block(labels[0] as string, (exit) => {
    frame.targets.push({ labels, breakable: false, broken: exit, continued: undefined });
    build();
    frame.targets.pop();
    return undefined;
  });
}

function jump(frame: Frame, node: Of<'BreakStatement'> | Of<'ContinueStatement'>): void {
  const label = node.label?.name;
  const breaks = node.type === 'BreakStatement';
  const target = frame.targets.findLast((target) =>
    label !== undefined
      ? target.labels.includes(label)
      : breaks
        ? target.breakable
        : target.continued !== undefined,
  );
  const exit = breaks ? target?.broken : target?.continued;
  if (exit === undefined) refuse('it jumps to nowhere');
  else frame.low.jump(exit);
}

const ERRORS = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'EvalError',
  'ReferenceError',
  'URIError',
]);

/** `throw new Error('constant')` */
function throwStatement(frame: Frame, { argument }: Of<'ThrowStatement'>): void {
  if (argument.type !== 'NewExpression' && argument.type !== 'CallExpression') {
    refuse('something is thrown that is not made here with `new Error(…)`');
    return;
  }
  const { callee, arguments: args } = argument;
  if (callee.type !== 'Identifier' || frame.bindingOf(callee) !== undefined || !ERRORS.has(callee.name)) {
    refuse('something is thrown that is no error');
    return;
  }
  const [first, ...more] = args;
  const message = first === undefined ? undefined : evaluate(frame, first);
  if (
    more.length > 0 ||
    (message !== undefined && (message.kind !== 'text' || message.constant === undefined))
  )
    refuse('an error is thrown whose message is computed');
  else frame.low.throwError(callee.name, message?.kind === 'text' ? (message.constant ?? '') : '');
}
