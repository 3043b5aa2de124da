// The corrected call of an operator: ready to paste.
import { DEFAULT_MAX_KEYS, isWithUsing, type OperatorDefinition } from '../../operator/index.js';
import type { Capture } from '../analyse/captures.js';
import type { Node, Pattern } from '../parse/ast.js';
import { type ParsedFunction, parseFunction } from '../parse/parse-function.js';
import { SourceEdits } from '../parse/source-edits.js';
import { argumentsPassed } from './arguments-passed.js';
import { structText, valueText } from './source-text.js';

/** What is to be changed in a call. */
export interface Changes {
  /** The new text of functions, by their names. */
  readonly functions?: ReadonlyMap<string, string>;
  /** More for `using`: names and, where it is not a variable of that name, what they stand for. */
  readonly using?: ReadonlyMap<string, string>;
  readonly seed?: string;
  readonly name?: string;
}

/** The call of an operator with changes; what else it was given stays. */
export function callText(definition: OperatorDefinition, changes: Changes): string {
  const { key } = definition;
  const isStep = definition.name === 'step';
  const text = (name: string): string =>
    changes.functions?.get(name) ?? Function.prototype.toString.call(definition.functions[name]);
  const args = Object.keys(definition.functions)
    .filter((name) => !isStep || name !== key)
    .map(text);
  const seed = changes.seed ?? (definition.seed === undefined ? undefined : valueText(definition.seed));
  if (seed !== undefined && !isStep) args.push(seed);
  const options: string[] = [];
  if (isStep && key !== undefined) options.push(`key: ${text(key)}`);
  if (isStep && definition.state !== undefined) options.push(`state: ${structText(definition.state)}`);
  if (isStep && seed !== undefined) options.push(`seed: ${seed}`);
  if (definition.out !== undefined) options.push(`out: ${structText(definition.out)}`);
  const tables = Object.keys(definition.tables);
  if (tables.length > 0) options.push(`tables: { ${tables.join(', ')} }`);
  if (definition.maxKeys !== DEFAULT_MAX_KEYS) options.push(`maxKeys: ${definition.maxKeys}`);
  const using = usingText(definition.using, changes.using ?? new Map());
  if (using !== '') options.push(`using: { ${using} }`);
  if (options.length > 0) args.push(`{ ${options.join(', ')} }`);
  const name = changes.name ?? definition.name;
  const single = args.join(', ');
  if (single.length <= 80 && !single.includes('\n')) return `${name}(${single})`;
  return `${name}(\n${args.map((arg) => `  ${indented(arg)},\n`).join('')})`;
}

function usingText(given: Readonly<Record<string, unknown>>, more: ReadonlyMap<string, string>): string {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    values.set(name, (isWithUsing(value) ? undefined : valueText(value)) ?? name);
  }
  for (const [name, value] of more) values.set(name, value);
  return [...values].map(([name, value]) => (value === name ? name : `${name}: ${value}`)).join(', ');
}

/** The call of an operator with everything its functions capture handed over by `using`, taken as their last parameter. */
export function correctedCall(
  definition: OperatorDefinition,
  functions: ReadonlyMap<string, ParsedFunction>,
  captures: ReadonlyMap<string, readonly Capture[]>,
): string {
  const texts = new Map<string, string>();
  const using = new Map<string, string>();
  for (const [name, fn] of functions) {
    const own = captures.get(name) ?? [];
    texts.set(name, takingUsing(fn, own, argumentsPassed(definition, name)));
    for (const capture of own) using.set(capture.name, capture.value);
  }
  return callText(definition, { functions: texts, using });
}

/** The call with one of its functions edited. */
export function editedCall(
  definition: OperatorDefinition,
  name: string,
  edit: (edits: SourceEdits, fn: ParsedFunction) => void,
): string | undefined {
  const given = definition.functions[name];
  if (given === undefined) return undefined;
  const fn = parseFunction(given, { stage: '', operator: definition.name, name });
  const edits = new SourceEdits(fn.text);
  edit(edits, fn);
  return callText(definition, { functions: new Map([[name, edits.apply()]]) });
}

/** A function's text with its closing bracket at the margin, whatever it was indented by. */
export function indented(text: string): string {
  const margin = /\n([ \t]*)[)\]}][^\n]*$/.exec(text)?.[1] ?? '';
  return text.replaceAll(`\n${margin}`, '\n').replaceAll('\n', '\n  ');
}

/** A function that takes what it captures as its last parameter. */
export function takingUsing(fn: ParsedFunction, captures: readonly Capture[], passed: number): string {
  if (captures.length === 0) return fn.text;
  const edits = new SourceEdits(fn.text);
  const names = [...new Set(captures.map((capture) => capture.name))];
  const { params } = fn.node;
  const last = params.length > passed ? params.at(-1) : undefined;
  let prefix = '';
  if (last?.type === 'ObjectPattern') {
    const final = last.properties.at(-1);
    const at = final?.end ?? last.start + 1;
    edits.wrap(at, at, '', `${final ? ', ' : ' '}${names.join(', ')}`);
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
  addParameters(edits, fn, [...fillers, text]);
}

/** Adds parameters behind those that a function has. */
export function addParameters(edits: SourceEdits, fn: ParsedFunction, names: readonly string[]): void {
  if (names.length === 0) return;
  const added = names.join(', ');
  const last = fn.node.params.at(-1);
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

/** The body of a function as an expression; undefined where it has statements. */
export function expressionBody(fn: ParsedFunction): Node | undefined {
  return fn.node.body.type === 'BlockStatement' ? undefined : fn.node.body;
}
