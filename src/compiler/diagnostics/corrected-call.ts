// The corrected call for functions that capture: ready to paste.
import type { OperatorDefinition } from '../../operator/index.js';
import type { Capture } from '../analyse/captures.js';
import type { Pattern } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import { SourceEdits } from '../parse/source-edits.js';
import { argumentsPassed } from './arguments-passed.js';

/**
 * The call of an operator with everything its functions capture handed over by `using`, taken as their last parameter.
 */
export function correctedCall(
  definition: OperatorDefinition,
  functions: ReadonlyMap<string, ParsedFunction>,
  captures: ReadonlyMap<string, readonly Capture[]>,
): string {
  const args = [...functions].map(([name, fn]) => corrected(definition, fn, captures.get(name) ?? []));
  if (definition.seed !== undefined && definition.name === 'scan') args.push(JSON.stringify(definition.seed));
  const used = new Set(Object.keys(definition.using));
  for (const list of captures.values()) for (const { name } of list) used.add(name);
  args.push(`{ using: { ${[...used].join(', ')} } }`);
  const single = args.join(', ');
  if (single.length <= 80 && !single.includes('\n')) return `${definition.name}(${single})`;
  return `${definition.name}(\n${args.map((arg) => `  ${indented(arg)},\n`).join('')})`;
}

/** A function's text with its closing bracket at the margin, whatever it was indented by. */
function indented(text: string): string {
  const margin = /\n([ \t]*)[)\]}][^\n]*$/.exec(text)?.[1] ?? '';
  return text.replaceAll(`\n${margin}`, '\n').replaceAll('\n', '\n  ');
}

/** A function that takes what it captures as its last parameter. */
function corrected(definition: OperatorDefinition, fn: ParsedFunction, captures: readonly Capture[]): string {
  if (captures.length === 0) return fn.text;
  const edits = new SourceEdits(fn.text);
  const names = [...new Set(captures.map((capture) => capture.name))];
  const passed = argumentsPassed(definition, fn.name);
  const { params } = fn.node;
  const last = params.length > passed ? params.at(-1) : undefined;
  let prefix = '';
  if (last?.type === 'ObjectPattern') {
    const final = last.properties.at(-1);
    edits.wrap(
      final?.end ?? last.start + 1,
      final?.end ?? last.start + 1,
      '',
      `${final ? ', ' : ' '}${names.join(', ')}`,
    );
  } else if (last?.type === 'Identifier') {
    prefix = `${last.name}.`;
  } else {
    addParameter(edits, fn, params, passed, `{ ${names.join(', ')} }`);
  }
  for (const { name, node, shorthand } of captures) {
    if (prefix === '' && fn.text.slice(node.start, node.end) === name) continue;
    edits.replace(node.start, node.end, shorthand ? `${name}: ${prefix}${name}` : `${prefix}${name}`);
  }
  return edits.apply();
}

function addParameter(
  edits: SourceEdits,
  fn: ParsedFunction,
  params: readonly Pattern[],
  passed: number,
  text: string,
): void {
  const fillers = Array.from(
    { length: Math.max(0, passed - params.length) },
    (_, i) => `_${params.length + i + 1}`,
  );
  const added = [...fillers, text].join(', ');
  const last = params.at(-1);
  if (last === undefined) {
    const open = fn.tokens.find((token) => token.type.label === '(' && token.start >= fn.node.start);
    if (open !== undefined) edits.wrap(open.end, open.end, '', added);
    return;
  }
  // `x => …` has no parentheses to add a parameter in.
  const bare =
    fn.node.type === 'ArrowFunctionExpression' && fn.text.slice(fn.node.start, last.start).trim() === '';
  if (bare) edits.wrap(last.start, last.end, '(', `, ${added})`);
  else edits.wrap(last.end, last.end, '', `, ${added}`);
}
