// Evaluates statements: where control goes, and what variables hold there.
import { inItsPlace, textOf } from '../diagnostics/remedies.js';
import { type Node, type Of, type Statement, walk } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import { type Activation, copyEnv, type Env, type JumpTarget, joinEnvs } from './activation.js';
import { evaluate } from './evaluate.js';
import { narrow } from './narrow.js';
import { bind } from './patterns.js';
import {
  functionOf,
  isFalsy,
  isTruthyConstant,
  join,
  NEVER,
  NIL,
  STRING,
  unknown,
  type Value,
} from './value.js';

/** Evaluates a function's body; its result joins all returns, and undefined where its end is reached. */
export function evaluateBody(act: Activation, body: Of<'BlockStatement'>): void {
  block(act, body.body);
  if (act.env !== undefined) act.result = join(act.result, NIL);
}

function block(act: Activation, statements: readonly Node[]): void {
  for (const statement of statements) {
    if (statement.type !== 'FunctionDeclaration' || !statement.id) continue;
    const binding = act.source.scopes.bindings.get(statement.id);
    if (binding !== undefined) act.write(binding, functionOf(act.analysis.closure(act, statement)));
  }
  for (const statement of statements) execute(act, statement as Statement, []);
}

/** Whether a function writes to its first parameter, or hands it on to what may. */
function touches({ node, scopes }: ParsedFunction): boolean {
  const [state] = node.params;
  const binding = state?.type === 'Identifier' ? scopes.bindings.get(state) : undefined;
  if (binding === undefined) return true;
  const isState = (at: Node | null | undefined): boolean => {
    if (at?.type === 'MemberExpression') return isState(at.object);
    return at?.type === 'Identifier' && scopes.bindings.get(at) === binding;
  };
  let found = false;
  walk(node as Node, (at) => {
    if (at.type === 'AssignmentExpression') found ||= isState(at.left);
    else if (at.type === 'UpdateExpression') found ||= isState(at.argument);
    else if (at.type === 'CallExpression') found ||= at.arguments.some(isState) || isState(at.callee);
    else if (at.type === 'VariableDeclarator') found ||= isState(at.init);
  });
  return found;
}

/** A step takes no result of a function that makes a record: the function should have changed the state. */
function ignored(act: Activation, node: Node, value: Value): void {
  const { analysis } = act;
  if (!analysis.reporting || act.source.name !== 'step' || node.type !== 'CallExpression') return;
  const made = [...(value.records ?? [])].find((record) => record.kind === 'literal');
  const origin = made?.origin;
  const takesState = node.arguments[0] && textOf(act.source.text, node.arguments[0]).endsWith('.value');
  if (origin === undefined || !takesState || origin.source === act.source) return;
  if (touches(origin.source)) return;
  const [state] = origin.source.node.params;
  const { text } = origin.source;
  const returned = origin.node.type === 'ObjectExpression' ? textOf(text, origin.node) : undefined;
  const remedy =
    state?.type === 'Identifier' && returned !== undefined
      ? inItsPlace(`Object.assign(${state.name}, ${returned})`)
      : undefined;
  analysis.problem('RESULT_IGNORED', {}, origin, remedy);
}

function execute(act: Activation, node: Statement, labels: readonly string[]): void {
  if (act.env === undefined) return;
  switch (node.type) {
    case 'ExpressionStatement':
      ignored(act, node.expression, evaluate(act, node.expression));
      return;
    case 'VariableDeclaration':
      for (const { id, init } of node.declarations) {
        if (init) bind(act, id, evaluate(act, init), true);
        else if (node.kind !== 'var') bind(act, id, NIL, true);
      }
      return;
    case 'ReturnStatement': {
      const value = node.argument ? evaluate(act, node.argument) : NIL;
      act.result = join(act.result, value);
      act.env = undefined;
      return;
    }
    case 'ThrowStatement':
      evaluate(act, node.argument);
      act.env = undefined;
      return;
    case 'BlockStatement':
      if (labels.length > 0)
        jumpable(act, { node, labels, loop: false, breakable: false }, () => block(act, node.body));
      else block(act, node.body);
      return;
    case 'IfStatement':
      ifStatement(act, node);
      return;
    case 'LabeledStatement':
      execute(act, node.body, [...labels, node.label.name]);
      return;
    case 'BreakStatement':
    case 'ContinueStatement':
      jump(act, node);
      return;
    case 'WhileStatement':
      loop(
        act,
        node,
        labels,
        () => test(act, node.test),
        () => execute(act, node.body, []),
        undefined,
      );
      return;
    case 'DoWhileStatement':
      doWhile(act, node, labels);
      return;
    case 'ForStatement':
      if (node.init?.type === 'VariableDeclaration') execute(act, node.init, []);
      else if (node.init) evaluate(act, node.init);
      loop(
        act,
        node,
        labels,
        () => test(act, node.test ?? undefined),
        () => execute(act, node.body, []),
        () => node.update && evaluate(act, node.update),
      );
      return;
    case 'ForOfStatement':
    case 'ForInStatement': {
      const over = evaluate(act, node.right);
      const element = node.type === 'ForInStatement' ? STRING : elements(over);
      const left =
        node.left.type === 'VariableDeclaration' ? (node.left.declarations[0]?.id as Node) : node.left;
      loop(
        act,
        node,
        labels,
        () => copyEnv(act.env),
        () => {
          bind(act, left, element, node.left.type === 'VariableDeclaration');
          execute(act, node.body, []);
        },
        undefined,
      );
      return;
    }
    case 'SwitchStatement':
      switchStatement(act, node, labels);
      return;
    case 'TryStatement':
      tryStatement(act, node);
      return;
    case 'ClassDeclaration': {
      const binding = node.id && act.source.scopes.bindings.get(node.id);
      if (binding) act.write(binding, unknown('a class'));
      return;
    }
    default:
      return;
  }
}

/** What iterating over a value gives. */
function elements(value: Value): Value {
  let element: Value = value.unknown || value.namespaces ? unknown('an element of something unknown') : NEVER;
  for (const array of value.arrays ?? []) element = join(element, array.read());
  return value.text || value.string ? join(element, STRING) : element;
}

function ifStatement(act: Activation, node: Of<'IfStatement'>): void {
  const value = evaluate(act, node.test);
  if (isFalsy(value)) {
    if (node.alternate) execute(act, node.alternate, []);
    return;
  }
  if (isTruthyConstant(value)) {
    execute(act, node.consequent, []);
    return;
  }
  const before = copyEnv(act.env);
  narrow(act, node.test, true);
  execute(act, node.consequent, []);
  const after = act.env;
  act.env = before;
  narrow(act, node.test, false);
  if (node.alternate) execute(act, node.alternate, []);
  act.env = joinEnvs(after, act.env);
}

/** Evaluates a loop's condition: leaves the variables for the body, returns those for after the loop. */
function test(act: Activation, condition: Node | undefined): Env | undefined {
  if (condition === undefined) return undefined;
  const value = evaluate(act, condition);
  if (isTruthyConstant(value)) return undefined;
  const before = copyEnv(act.env);
  narrow(act, condition, false);
  const exit = act.env;
  act.env = before;
  narrow(act, condition, true);
  return exit;
}

/**
 * One turn of a loop. What variables hold at its head is remembered from turn to turn: when the last turn's end adds
 * nothing to it, the analysis as a whole doesn't change any more.
 */
function loop(
  act: Activation,
  node: Node,
  labels: readonly string[],
  enter: () => Env | undefined,
  body: () => void,
  next: (() => void) | undefined,
): void {
  const key = `${act.key}:${node.start}`;
  if (act.env === undefined) return;
  act.env = act.analysis.head(key, act.env);
  act.loops++;
  const exit = enter();
  const target = jumpable(act, { node, labels, loop: true, breakable: true }, body, false);
  act.env = joinEnvs(act.env, target.continued);
  next?.();
  act.loops--;
  if (act.env !== undefined) act.analysis.head(key, act.env);
  act.env = joinEnvs(exit, target.broken);
}

function doWhile(act: Activation, node: Of<'DoWhileStatement'>, labels: readonly string[]): void {
  const key = `${act.key}:${node.start}`;
  if (act.env === undefined) return;
  act.env = act.analysis.head(key, act.env);
  act.loops++;
  const target = jumpable(
    act,
    { node, labels, loop: true, breakable: true },
    () => execute(act, node.body, []),
    false,
  );
  act.env = joinEnvs(act.env, target.continued);
  const exit = act.env === undefined ? undefined : test(act, node.test);
  act.loops--;
  if (act.env !== undefined) act.analysis.head(key, act.env);
  act.env = joinEnvs(exit, target.broken);
}

function jumpable(
  act: Activation,
  target: Omit<JumpTarget, 'broken' | 'continued'>,
  body: () => void,
  joinsBreaks = true,
): JumpTarget {
  const full: JumpTarget = { ...target, broken: undefined, continued: undefined };
  act.targets.push(full);
  body();
  act.targets.pop();
  if (joinsBreaks) act.env = joinEnvs(act.env, full.broken);
  return full;
}

function jump(act: Activation, node: Of<'BreakStatement'> | Of<'ContinueStatement'>): void {
  const label = node.label?.name;
  const breaks = node.type === 'BreakStatement';
  const target = act.targets.findLast((at) =>
    label !== undefined ? at.labels.includes(label) : breaks ? at.breakable : at.loop,
  );
  if (target !== undefined) {
    if (breaks) target.broken = joinEnvs(target.broken, act.env);
    else target.continued = joinEnvs(target.continued, act.env);
  }
  act.env = undefined;
}

function switchStatement(act: Activation, node: Of<'SwitchStatement'>, labels: readonly string[]): void {
  evaluate(act, node.discriminant);
  jumpable(act, { node, labels, loop: false, breakable: true }, () => {
    let entry = act.env;
    let fallsThrough: Env | undefined;
    for (const branch of node.cases) {
      act.env = copyEnv(entry);
      if (branch.test) evaluate(act, branch.test);
      entry = joinEnvs(entry, copyEnv(act.env));
      act.env = joinEnvs(act.env, fallsThrough);
      block(act, branch.consequent);
      fallsThrough = act.env;
    }
    const hasDefault = node.cases.some((branch) => !branch.test);
    act.env = hasDefault ? fallsThrough : joinEnvs(fallsThrough, entry);
  });
}

function tryStatement(act: Activation, node: Of<'TryStatement'>): void {
  const handler = { env: copyEnv(act.env) as Env };
  act.handlers.push(handler);
  execute(act, node.block, []);
  act.handlers.pop();
  let after = act.env;
  if (node.handler) {
    act.env = copyEnv(handler.env);
    if (node.handler.param) bind(act, node.handler.param, unknown('what was thrown'), true);
    execute(act, node.handler.body, []);
    after = joinEnvs(after, act.env);
  }
  act.env = after;
  if (node.finalizer) {
    act.env = joinEnvs(copyEnv(after), handler.env);
    execute(act, node.finalizer, []);
    if (after === undefined) act.env = undefined;
  }
}
