// Captures: functions see only their arguments; what else they use is an error that shows the corrected call.
import type { OperatorDefinition } from '../../operator/index.js';
import { compileError } from '../diagnostics/compile-error.js';
import { callText, correctedCall, takingUsing } from '../diagnostics/corrected-call.js';
import { callSo, textOf } from '../diagnostics/remedies.js';
import { keeping } from '../diagnostics/rewrites.js';
import { type Identifier, isFunction, type Node, type Of, walk } from '../parse/ast.js';
import { explainName, importedName, isKeepName } from '../parse/build-tools.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import { isAllowedGlobal } from './globals.js';
import { hasMethod } from './methods.js';

/** A use of something outside of a function. */
export interface Capture {
  /** What the user calls it. */
  readonly name: string;
  /** The text that stands for it. */
  readonly node: Node;
  /** What is to be handed over, where the function was written. */
  readonly value: string;
  readonly write: boolean;
  /** Whether only what it holds is written: `list.push(…)`, `last[id] = …`. */
  readonly within: boolean;
  readonly shorthand: boolean;
}

/**
 * @param functions All functions that were given to the operator, for the corrected call.
 * @param role How `fn` was given: as the operator's argument, by `using`, or as the step of its definition.
 * @throws {TypeError} CAPTURED_VARIABLE, CAPTURED_WRITE, UNKNOWN_GLOBAL; FUNCTION_REFUSED for `this`.
 */
export function checkCaptures(
  fn: ParsedFunction,
  definition: OperatorDefinition,
  functions: ReadonlyMap<string, ParsedFunction>,
  role: 'argument' | 'using' | 'step',
): void {
  const whole = (): string => {
    const all = new Map<string, readonly Capture[]>();
    for (const [name, other] of functions)
      all.set(
        name,
        [...capturesOf(other), ...fieldsOfThis(other)].filter((capture) => !capture.write),
      );
    return correctedCall(definition, functions, all);
  };
  checkThis(fn, role, whole);
  const captures = capturesOf(fn);
  const first = captures.find((capture) => capture.write) ?? captures[0];
  if (first === undefined) return;
  const spot = { text: fn.text, node: first.node };
  const explained = explainName(first.name);
  if (explained !== undefined) {
    throw compileError('UNKNOWN_GLOBAL', { variable: first.name, why: explained }, fn, spot, undefined, {
      variable: first.name,
    });
  }
  const names = [...new Set(captures.map((capture) => capture.name))];
  const variables = names.length === 1 ? `variable ${names[0]}` : `variables ${names.join(', ')}`;
  const extra = { variable: first.name, variables: names };
  if (first.write) {
    const remedy = keptInState(fn, definition, role, captures, first);
    throw compileError('CAPTURED_WRITE', { variables: `variable ${first.name}` }, fn, spot, remedy, extra);
  }
  const global = captures.find((capture) => isGlobal(capture));
  if (global !== undefined) {
    const variable = globalName(global);
    const why = 'it belongs to the thread that builds the stage';
    const read = role === 'argument' && global.value.includes('.');
    const remedy = read ? `Hand over what it holds:\n\n${callSo(whole())}` : undefined;
    throw compileError('UNKNOWN_GLOBAL', { variable, why }, fn, spot, remedy, { variable });
  }
  const made = captures.find((capture) => isConstructed(fn, capture));
  const list = names.join(', ');
  const remedies = {
    argument: () => `Hand it over with \`using\`:\n\n${whole()}`,
    using: () => `Hand it over with \`withUsing\`:\n\n${callSo(nestedCall(fn, definition, captures))}`,
    step: () =>
      `Hand it over with the definition's \`constants: { ${list} }\`; the step gets them in its last parameter.`,
  };
  const remedy =
    made === undefined
      ? remedies[role]()
      : `${made.name} makes objects, which can't be handed over: keep what it holds in fields of a record or of a state, and hand over functions.`;
  throw compileError('CAPTURED_VARIABLE', { variables }, fn, spot, remedy, extra);
}

/** Refuses `this`, with what it holds handed over. */
function checkThis(fn: ParsedFunction, role: 'argument' | 'using' | 'step', whole: () => string): void {
  const [first] = thisOf(fn);
  if (first === undefined) return;
  const fields = fieldsOfThis(fn);
  const isRead = role === 'argument' && fields.length === thisOf(fn).length;
  const remedy = isRead ? `Hand over what it holds:\n\n${callSo(whole())}` : undefined;
  const why = 'it uses `this`: write it without, and give it values with `using`';
  throw compileError('FUNCTION_REFUSED', { why }, fn, { text: fn.text, node: first }, remedy);
}

/** The `this` of a function itself, not of those within that have their own. */
function thisOf(fn: ParsedFunction): Node[] {
  const found: Node[] = [];
  walk(fn.node, (node) => {
    if (node.type === 'ThisExpression') found.push(node);
    const own = isFunction(node) && node.type !== 'ArrowFunctionExpression' && node !== fn.node;
    return !own && node.type !== 'ClassBody';
  });
  return found;
}

/** Fields of `this` that are read. */
function fieldsOfThis(fn: ParsedFunction): Capture[] {
  const own = new Set(thisOf(fn));
  const fields: Capture[] = [];
  const isWritten = new Set<Node>();
  walk(fn.node, (node) => {
    if (node.type === 'AssignmentExpression') isWritten.add(node.left);
    if (node.type === 'UpdateExpression') isWritten.add(node.argument);
    if (node.type === 'CallExpression') isWritten.add(node.callee);
    if (node.type !== 'MemberExpression' || !own.has(node.object as Node) || isWritten.has(node)) return;
    if (node.computed || node.property.type !== 'Identifier') return;
    const { name } = node.property;
    fields.push({ name, node, value: `this.${name}`, write: false, within: false, shorthand: false });
  });
  return fields;
}

/** What is written kept in state: as a step, where the function can stay as it is. */
function keptInState(
  fn: ParsedFunction,
  definition: OperatorDefinition,
  role: string,
  captures: readonly Capture[],
  first: Capture,
): string {
  const written = new Set(captures.filter(({ write }) => write).map(({ name }) => name));
  const isPlain = captures.every(({ name, within }) => written.has(name) && !within);
  const step = role === 'argument' && isPlain ? keeping(definition, fn, captures) : undefined;
  if (step !== undefined)
    return `Keep ${first.name} in state instead, as \`scan\` and \`stateful\` do, or in a step:\n\n${callSo(step)}`;
  const more = first.within ? ', with `keyedTable` for what has a key' : '';
  return `Keep ${first.name} in state instead: \`scan\` and \`stateful\` hold a record from one call to the next, and \`step\` any state${more}.`;
}

/** The call with a function of `using` that is handed what it captures. */
function nestedCall(
  fn: ParsedFunction,
  definition: OperatorDefinition,
  captures: readonly Capture[],
): string {
  const handed = captures.map(({ name, value }) => (name === value ? name : `${name}: ${value}`));
  const values = [...new Set(handed)].join(', ');
  const passed = fn.node.params.length;
  const value = `withUsing(${takingUsing(fn, captures, passed)}, { ${values} })`;
  return callText(definition, { using: new Map([[fn.name, value]]) });
}

/** All uses of what a function neither declares nor finds among the globals of stages. */
export function capturesOf(fn: ParsedFunction): Capture[] {
  const parents = new Map<Node, Node>();
  walk(fn.node, (node) => {
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (child && typeof child === 'object' && typeof child.type === 'string') parents.set(child, node);
      }
    }
  });
  const captures: Capture[] = [];
  for (const { name, node, write } of fn.scopes.free) {
    if (!write && isAllowedGlobal(name)) continue;
    // Of a nested function; the function itself was refused.
    if (name === 'arguments') continue;
    const parent = parents.get(node);
    if (parent?.type === 'CallExpression' && parent.callee === node && isKeepName(parent, fn)) continue;
    captures.push(captureOf(fn, node, write, parents));
  }
  return captures;
}

function captureOf(
  fn: ParsedFunction,
  node: Identifier,
  write: boolean,
  parents: ReadonlyMap<Node, Node>,
): Capture {
  const { name } = node;
  const parent = parents.get(node);
  const plain = { name, node, value: name, write, within: false, shorthand: false };
  if (parent?.type === 'Property') return { ...plain, shorthand: parent.shorthand };
  if (parent?.type !== 'MemberExpression' || parent.object !== node) return plain;
  const imported = memberOf(parent) && importedName(name, memberOf(parent) as string);
  if (imported !== undefined) {
    const outer = parents.get(parent);
    // The callee form `(0, module.member)` goes with its zero.
    const isCallee =
      outer?.type === 'SequenceExpression' &&
      outer.expressions.length === 2 &&
      outer.expressions[0]?.type === 'Literal';
    return { ...plain, name: imported, node: isCallee ? outer : parent, value: imported };
  }
  let chain: Of<'MemberExpression'> = parent;
  for (let outer = parents.get(chain); outer?.type === 'MemberExpression' && outer.object === chain; ) {
    chain = outer;
    outer = parents.get(chain);
  }
  const outer = parents.get(chain);
  const isCalled = outer?.type === 'CallExpression' && outer.callee === chain;
  const method = isCalled ? memberOf(chain) : undefined;
  const isWritten =
    (outer?.type === 'AssignmentExpression' && outer.left === chain) ||
    outer?.type === 'UpdateExpression' ||
    (outer?.type === 'UnaryExpression' && outer.operator === 'delete') ||
    (method !== undefined && MUTATORS.has(method));
  if (isWritten) return { ...plain, write: true, within: true };
  // A function of an object of functions; the methods of what can be handed over are no such.
  if (method !== undefined && chain === parent && !isKnownMethod(method) && !(name in globalThis)) {
    return { ...plain, name: method, node: parent, value: textOf(fn.text, parent) };
  }
  const own = memberOf(chain);
  if (name in globalThis && !isCalled && own !== undefined && /^[A-Za-z_$][\w$]*$/.test(own)) {
    return { ...plain, name: own, node: chain, value: textOf(fn.text, chain) };
  }
  return plain;
}

const MUTATORS = new Set(
  'add clear copyWithin delete fill pop push reverse set shift sort splice unshift'.split(' '),
);

function memberOf(node: Of<'MemberExpression'>): string | undefined {
  return !node.computed && node.property.type === 'Identifier' ? node.property.name : undefined;
}

function isKnownMethod(name: string): boolean {
  if (hasMethod('array', name) || hasMethod('string', name)) return true;
  return /^(get|has|set|to|valueOf|test|exec|hasOwnProperty)/.test(name);
}

/** Whether objects are made with what is captured. */
function isConstructed(fn: ParsedFunction, { node }: Capture): boolean {
  let found = false;
  walk(fn.node, (at) => {
    found ||= at.type === 'NewExpression' && at.callee === node;
  });
  return found;
}

const globalName = ({ value }: Capture): string => /^[\w$]+/.exec(value)?.[0] ?? value;

function isGlobal(capture: Capture): boolean {
  const name = globalName(capture);
  return (
    name in globalThis &&
    !/^(name|status|length|event|parent|top|origin|closed|self|stop|close|find|print|open|focus|blur)$/.test(
      name,
    )
  );
}
