// Functions rewritten for remedies: without waiting, with `emit` for `yield`, with a copy of what they write to.
import type { OperatorDefinition } from '../../operator/index.js';
import { type FunctionNode, isFunction, type Node, walk } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import { SourceEdits } from '../parse/source-edits.js';
import { callText, expressionBody, indented } from './corrected-call.js';
import { operandText, parentOf, textOf, withoutField } from './remedies.js';

/** An async function as an ordinary one; undefined where it waits. */
export function withoutAsync(text: string, fn: FunctionNode): string | undefined {
  let waits = false;
  walk(fn as Node, (node) => {
    waits ||= node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await);
  });
  return waits ? undefined : text.replace(/^async\s+/, '');
}

/** A generator of records as a step that emits them; undefined where more than one value is yielded at a time. */
export function emitting(text: string, fn: FunctionNode): string | undefined {
  if (fn.body.type !== 'BlockStatement' || fn.params.length > 1) return undefined;
  const edits = new SourceEdits(text);
  let simple = true;
  walk(fn.body as Node, (node) => {
    if (node.type !== 'YieldExpression') return;
    if (node.delegate || !node.argument) simple = false;
    else {
      edits.replace(node.start, node.argument.start, 'emit(');
      edits.wrap(node.argument.start, node.argument.end, '', ')');
    }
  });
  if (!simple) return undefined;
  const [param] = fn.params;
  const record = param === undefined ? 'record' : textOf(text, param);
  return `step((${record}, _state, emit) => ${edits.apply(fn.body.start, fn.body.end)})`;
}

/** A function that names what it takes from `arguments`; undefined where it uses it otherwise. */
export function withoutArguments(text: string, fn: FunctionNode): string | undefined {
  if (fn.params.some((param) => param.type !== 'Identifier') || fn.type === 'ArrowFunctionExpression')
    return undefined;
  const edits = new SourceEdits(text);
  const names = fn.params.map((param) => textOf(text, param));
  let uses = 0;
  let named = 0;
  walk(fn.body as Node, (node) => {
    if (node.type === 'Identifier' && node.name === 'arguments') uses++;
    if (node.type !== 'MemberExpression' || !node.computed) return;
    if (node.object.type !== 'Identifier' || node.object.name !== 'arguments') return;
    const { property } = node;
    if (property.type !== 'Literal' || typeof property.value !== 'number') return;
    named++;
    while (names.length <= property.value) names.push(names.length === 0 ? 'record' : `_${names.length + 1}`);
    edits.replace(node.start, node.end, names[property.value] as string);
  });
  if (named === 0 || named < uses) return undefined;
  const head = text.slice(fn.start, fn.body.start).replace(/\([^)]*\)\s*$/, `(${names.join(', ')}) `);
  return head + edits.apply(fn.body.start, fn.body.end);
}

/** A path of fields from a parameter that a function writes to. */
interface Written {
  readonly path: readonly string[];
  readonly isArray: boolean;
}

const MUTATING = new Set('copyWithin fill pop push reverse shift sort splice unshift'.split(' '));

/**
 * A function that first makes a copy of the record which it writes to.
 *
 * @param isArray Whether what a node gives is an array.
 * @returns Undefined where it writes to something else than fields of a parameter.
 */
export function copying(fn: ParsedFunction, at: Node, isArray: (node: Node) => boolean): string | undefined {
  const root = rootOf(at);
  const binding = root && fn.scopes.bindings.get(root as never);
  if (root?.type !== 'Identifier' || binding?.kind !== 'param' || binding.fn !== fn.node) return undefined;
  if (!fn.node.params.some((param) => param.type === 'Identifier' && param.name === root.name))
    return undefined;
  const written: Written[] = [];
  walk(fn.node.body as Node, (node) => {
    for (const place of placesOf(node)) {
      const found = pathOf(place, isArray);
      const own = rootOf(place);
      if (found !== undefined && own && fn.scopes.bindings.get(own as never) === binding) written.push(found);
    }
  });
  const name = /\bcopy\b/.test(fn.text) ? 'own' : 'copy';
  const copy = `const ${name} = ${copied(root.name, written)};`;
  const edits = new SourceEdits(fn.text);
  for (const [node, other] of fn.scopes.bindings) {
    if (other !== binding || node.start < fn.node.body.start) continue;
    edits.replace(node.start, node.end, isShort(fn, node) ? `${root.name}: ${name}` : name);
  }
  const { body } = fn.node;
  if (body.type !== 'BlockStatement') {
    const arrow = fn.text.lastIndexOf('=>', body.start) + 2;
    return `${fn.text.slice(0, arrow)} { ${copy} return ${edits.apply(arrow).trim()}; }`;
  }
  const [first] = body.body;
  const gap = first === undefined ? ' ' : fn.text.slice(body.start + 1, first.start);
  edits.wrap(body.start + 1, body.start + 1, '', `${gap}${copy}`);
  return edits.apply();
}

/** Whether a name stands for a property and its value: `{ r }`. */
function isShort(fn: ParsedFunction, node: Node): boolean {
  const parent = parentOf(fn.node as Node, node);
  return parent?.type === 'Property' && parent.shorthand;
}

/** What a node writes to. */
function placesOf(node: Node): Node[] {
  if (node.type === 'AssignmentExpression') return [node.left];
  if (node.type === 'UpdateExpression') return [node.argument];
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
  const { object, property } = node.callee;
  if (property.type !== 'Identifier') return [];
  if (MUTATING.has(property.name)) return [node.callee];
  const isAssign = object.type === 'Identifier' && object.name === 'Object' && property.name === 'assign';
  // As if to some field of it.
  return isAssign ? [node.arguments[0] as Node] : [];
}

/** Where a chain of members begins. */
function rootOf(node: Node): Node | undefined {
  if (node.type === 'MemberExpression') return rootOf(node.object);
  if (node.type === 'CallExpression') {
    const [place] = placesOf(node);
    return place && rootOf(place);
  }
  return node.type === 'Identifier' ? node : undefined;
}

/** The record or array around a place, as a path. */
function pathOf(place: Node, isArray: (node: Node) => boolean): Written | undefined {
  const whole = place.type === 'MemberExpression' ? place.object : place;
  const path: string[] = [];
  let at: Node = whole;
  for (; at.type === 'MemberExpression'; at = at.object) {
    if (at.computed || at.property.type !== 'Identifier') path.length = 0;
    else path.unshift(at.property.name);
  }
  return { path, isArray: isArray(whole) };
}

/** A copy of a record down to what is written. */
function copied(name: string, written: readonly Written[]): string {
  const inner = new Map<string, Written[]>();
  for (const { path, isArray } of written) {
    const [first, ...rest] = path;
    if (first === undefined) continue;
    inner.set(first, [...(inner.get(first) ?? []), { path: rest, isArray }]);
  }
  const fields = [...inner].map(([field, within]) => {
    const isList = within.some(({ path, isArray }) => path.length === 0 && isArray);
    return `${field}: ${isList ? `[...${name}.${field}]` : copied(`${name}.${field}`, within)}`;
  });
  return `{ ${[`...${name}`, ...fields].join(', ')} }`;
}

/** A function of one record that keeps variables of the module, as a step that keeps them in its state. */
export function keeping(
  definition: OperatorDefinition,
  fn: ParsedFunction,
  uses: readonly { readonly name: string; readonly node: Node; readonly shorthand: boolean }[],
): string | undefined {
  const body = {
    map: 'emit(NAME(RECORD))',
    filter: 'if (NAME(RECORD)) emit(RECORD)',
    tap: 'NAME(RECORD);\n  emit(RECORD)',
  }[definition.name];
  const [param] = fn.node.params;
  const isPlain = fn.node.params.length === 1 && param?.type === 'Identifier';
  if (body === undefined || !isPlain || Object.keys(definition.using).length > 0) return undefined;
  const edits = new SourceEdits(fn.text);
  const seen = new Set<Node>();
  for (const { name, node, shorthand } of uses) {
    // What is read and written at once comes twice.
    if (seen.has(node)) continue;
    seen.add(node);
    edits.replace(node.start, node.end, shorthand ? `${name}: state.value.${name}` : `state.value.${name}`);
  }
  const own = edits.apply();
  if (/^\w+\s*\(/.test(own)) return undefined;
  const call = body.replaceAll('NAME', fn.name).replaceAll('RECORD', param.name);
  const run = `(${param.name}, state, emit) => {\n  const ${fn.name} = ${indented(own)};\n  ${call};\n}`;
  const seed = `{ seed: { ${[...new Set(uses.map(({ name }) => name))].join(', ')} } }`;
  return `step(\n  ${indented(run)},\n  ${seed},\n)`;
}

/** A projection or predicate that takes an index, as a step that counts. */
export function counting(definition: OperatorDefinition, fn: ParsedFunction): string | undefined {
  const [record, index, more] = fn.node.params;
  const body = expressionBody(fn);
  if (body === undefined || record?.type !== 'Identifier' || index?.type !== 'Identifier' || more)
    return undefined;
  if (Object.keys(definition.using).length > 0) return undefined;
  const own = operandText(fn.text, body);
  const emits = { map: `emit(${textOf(fn.text, body)})`, filter: `if (${own}) emit(${record.name})` }[
    definition.name
  ];
  if (emits === undefined) return undefined;
  const { name } = index;
  const count = name === 'count' ? 'n' : 'count';
  return [
    'step(',
    `  (${record.name}, state, emit) => {`,
    `    const ${name} = state.value.${count}++;`,
    `    ${emits};`,
    '  },',
    `  { seed: { ${count}: 0 } },`,
    ')',
  ].join('\n');
}

/** A fold of numbers as one of records with a single field; undefined where its accumulator is no plain parameter. */
export function foldingRecords(
  definition: OperatorDefinition,
  fn: ParsedFunction,
  seed: string,
): string | undefined {
  const [accumulator] = fn.node.params;
  const body = expressionBody(fn);
  if (accumulator?.type !== 'Identifier' || body === undefined || isFunction(body)) return undefined;
  const binding = fn.scopes.bindings.get(accumulator);
  const edits = new SourceEdits(fn.text);
  for (const [node, other] of fn.scopes.bindings) {
    if (other !== binding || node === accumulator) continue;
    edits.replace(node.start, node.end, `${accumulator.name}.value`);
  }
  edits.wrap(body.start, body.end, '({ value: ', ' })');
  return callText(definition, {
    functions: new Map([[fn.name, edits.apply()]]),
    seed: `{ value: ${seed} }`,
  });
}

/** A function that forgets to return what it makes. */
export function returning(fn: ParsedFunction): string | undefined {
  const { body } = fn.node;
  if (body.type !== 'BlockStatement') return undefined;
  const last = body.body.at(-1);
  if (
    last?.type === 'LabeledStatement' &&
    body.body.length === 1 &&
    last.body.type === 'ExpressionStatement'
  ) {
    const head = fn.text.slice(0, body.start);
    return `${head}({ ${last.label.name}: ${textOf(fn.text, last.body.expression)} })`;
  }
  if (last?.type !== 'ExpressionStatement' || last.expression.type === 'AssignmentExpression')
    return undefined;
  const edits = new SourceEdits(fn.text);
  edits.wrap(last.start, last.start, '', 'return ');
  return edits.apply();
}

/** A function that leaves a field out where it makes a record, instead of deleting it; undefined where it is made elsewhere. */
export function leavingOut(fn: ParsedFunction, object: Node, field: string, at: Node): string | undefined {
  const binding = object.type === 'Identifier' ? fn.scopes.bindings.get(object) : undefined;
  let declared: Node | undefined;
  let statement: Node | undefined;
  walk(fn.node as Node, (node) => {
    if (node.type === 'VariableDeclarator' && fn.scopes.bindings.get(node.id as never) === binding)
      declared = node;
    if (node.type === 'ExpressionStatement' && node.expression === at) statement = node;
  });
  if (binding === undefined || declared?.type !== 'VariableDeclarator' || statement === undefined)
    return undefined;
  const { id, init } = declared;
  if (init?.type !== 'ObjectExpression') return undefined;
  const edits = new SourceEdits(fn.text);
  const [only, ...more] = init.properties;
  const less = withoutField(fn.text, init, field);
  if (less !== undefined) edits.replace(init.start, init.end, less);
  else if (only?.type === 'SpreadElement' && more.length === 0) {
    const rest = `{ ${field}, ...${textOf(fn.text, id)} } = ${textOf(fn.text, only.argument)}`;
    edits.replace(declared.start, declared.end, rest);
  } else return undefined;
  const before = fn.text.slice(0, statement.start).trimEnd().length;
  edits.replace(before, statement.end, '');
  return edits.apply();
}
