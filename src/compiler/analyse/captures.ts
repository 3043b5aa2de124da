// Captures: functions see only their arguments; what else they use is an error that shows the corrected call.
import type { OperatorDefinition } from '../../operator/index.js';
import { compileError } from '../diagnostics/compile-error.js';
import { correctedCall } from '../diagnostics/corrected-call.js';
import { type Identifier, type Node, walk } from '../parse/ast.js';
import { explainName, importedName, isKeepName } from '../parse/build-tools.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import { isAllowedGlobal } from './globals.js';

/** A use of something outside of a function. */
export interface Capture {
  /** What the user calls it. */
  readonly name: string;
  /** The text that stands for it. */
  readonly node: Node;
  readonly write: boolean;
  readonly shorthand: boolean;
}

/**
 * @param functions All functions that were given to the operator, for the corrected call.
 * @param role How `fn` was given: as the operator's argument, by `using`, or as the step of its definition.
 * @throws {TypeError} CAPTURED_VARIABLE, CAPTURED_WRITE, UNKNOWN_GLOBAL
 */
export function checkCaptures(
  fn: ParsedFunction,
  definition: OperatorDefinition,
  functions: ReadonlyMap<string, ParsedFunction>,
  role: 'argument' | 'using' | 'step',
): void {
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
    const remedy = `Keep ${first.name} in state instead: \`scan\` and \`stateful\` hold a record from one call to the next, and \`step\` any state.`;
    throw compileError('CAPTURED_WRITE', { variables: `variable ${first.name}` }, fn, spot, remedy, extra);
  }
  const global = names.find((name) => isGlobal(name));
  if (global !== undefined) {
    const why = 'it belongs to the thread that builds the stage';
    throw compileError('UNKNOWN_GLOBAL', { variable: global, why }, fn, spot, undefined, {
      variable: global,
    });
  }
  const all = new Map<string, readonly Capture[]>();
  for (const [name, other] of functions)
    all.set(
      name,
      capturesOf(other).filter((capture) => !capture.write),
    );
  const list = names.join(', ');
  const remedies = {
    argument: () => `Hand it over with \`using\`:\n\n${correctedCall(definition, functions, all)}`,
    using: () =>
      `Hand it over with \`withUsing(${fn.name}, { ${list} })\`, and take it as the last parameter.`,
    step: () =>
      `Hand it over with the definition's \`constants: { ${list} }\`; the step gets them in its last parameter.`,
  };
  const remedy = remedies[role]();
  throw compileError('CAPTURED_VARIABLE', { variables }, fn, spot, remedy, extra);
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
    captures.push(captureOf(name, node, write, parent, parents));
  }
  return captures;
}

function captureOf(
  name: string,
  node: Identifier,
  write: boolean,
  parent: Node | undefined,
  parents: ReadonlyMap<Node, Node>,
): Capture {
  if (
    parent?.type === 'MemberExpression' &&
    parent.object === node &&
    !parent.computed &&
    parent.property.type === 'Identifier'
  ) {
    const imported = importedName(name, parent.property.name);
    if (imported !== undefined) {
      const outer = parents.get(parent);
      // The callee form `(0, module.member)` goes with its zero.
      const whole =
        outer?.type === 'SequenceExpression' &&
        outer.expressions.length === 2 &&
        outer.expressions[0]?.type === 'Literal'
          ? outer
          : parent;
      return { name: imported, node: whole, write, shorthand: false };
    }
  }
  const shorthand = parent?.type === 'Property' && parent.shorthand;
  return { name, node, write, shorthand };
}

function isGlobal(name: string): boolean {
  return (
    name in globalThis &&
    !/^(name|status|length|event|parent|top|origin|closed|self|stop|close|find|print|open|focus|blur)$/.test(
      name,
    )
  );
}
