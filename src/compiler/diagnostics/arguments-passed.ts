// How many arguments an operator passes to each of its functions, read off its step.
import type { OperatorDefinition } from '../../operator/index.js';
import { type Node, walk } from '../parse/ast.js';
import { parseFunction } from '../parse/parse-function.js';

/** The most arguments that the step calls a function with, `using` not counted; 1 for keys. */
export function argumentsPassed(definition: OperatorDefinition, name: string): number {
  let most = definition.key === name ? 1 : 0;
  const step = parseFunction(definition.step, { stage: '', operator: definition.name, name: 'step' });
  const local = localNames(step.node as Node, name);
  walk(step.node as Node, (node) => {
    if (node.type !== 'CallExpression') return;
    const { callee } = node;
    const called =
      (callee.type === 'Identifier' && local.has(callee.name)) ||
      (callee.type === 'MemberExpression' &&
        callee.property.type === 'Identifier' &&
        callee.property.name === name);
    if (called) most = Math.max(most, node.arguments.length);
  });
  return most;
}

/** What the step calls a function of its scope; a minifier may have renamed it. */
function localNames(step: Node, name: string): Set<string> {
  const names = new Set<string>();
  walk(step, (node) => {
    if (node.type !== 'Property' || node.key.type !== 'Identifier' || node.key.name !== name) return;
    const { value } = node as unknown as { value: Node };
    if (value.type === 'Identifier') names.add(value.name);
  });
  return names;
}
