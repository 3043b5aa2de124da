// Edits object literals: stored in place where nobody can tell, and spread of views.
import type { FieldType, Struct } from '../../schema/index.js';
import { only } from '../analyse/value.js';
import { isPlain, isView, type Site } from '../lower/sites.js';
import { type Node, type ObjectExpression, type Of, propertyName } from '../parse/ast.js';
import type { FunctionEditor } from './edit-function.js';
import { member } from './names.js';

/** `{ a: x, b: y }` becomes `($_v0.a = x, $_v0.b = y, $_v0)`. */
export function editSite(editor: FunctionEditor, site: Site): void {
  const view = editor.context.siteView(site);
  const { node } = site;
  storeFields(editor, node, view, site.struct, '(', `, ${view})`);
}

/** Stores a literal's fields into `target`; the text before the first and after the last is given. */
function storeFields(
  editor: FunctionEditor,
  node: ObjectExpression,
  target: string,
  struct: Struct,
  before: string,
  after: string,
): void {
  let at = node.start;
  let lead = before;
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const value = editor.fact(property.argument);
      const names = [...(value?.records ?? [])][0]?.fieldNames() ?? [];
      const from = isStable(editor, property.argument) ? editor.text(property.argument) : editor.context.temporary();
      const copies = names.map((name) => `${target}${member(name)} = ${from}${member(name)}`).join(', ');
      if (isStable(editor, property.argument)) {
        editor.edits.replace(at, property.end, `${lead}${copies}`);
      } else {
        editor.edits.replace(at, property.start + 3, `${lead}${from} = `);
        editor.edits.wrap(property.start, property.end, '', `, ${copies}`);
      }
    } else {
      storeField(editor, property, at, lead, target, struct);
    }
    at = property.end;
    lead = ', ';
  }
  editor.edits.replace(at, node.end, after);
}

function storeField(
  editor: FunctionEditor,
  property: Of<'Property'>,
  at: number,
  lead: string,
  target: string,
  struct: Struct,
): void {
  const name = propertyName(property.key, false) as string;
  const type = struct.fields[name] as FieldType;
  const value = property.value as Node;
  if (property.shorthand) {
    editor.edits.replace(at, property.end, `${lead}${target}${member(name)} = ${name}`);
    return;
  }
  const colon = editor.token(property.key.end, ':').end;
  if (type.kind === 'struct' && value.type === 'ObjectExpression' && isPlain(value) && canNest(editor, value)) {
    // Parentheses around the value stay as they are.
    editor.nested.add(value);
    editor.edits.replace(at, colon, lead);
    storeFields(editor, value, `${target}${member(name)}`, type.struct, '(', ')');
    return;
  }
  if (type.kind === 'array' && value.type === 'ArrayExpression' && canNest(editor, value)) {
    editor.edits.replace(at, colon, lead);
    storeElements(editor, value, `${target}${member(name)}`);
    return;
  }
  const raw = type.kind === 'scalar' && type.type === 'text' ? textRead(editor, value) : undefined;
  if (raw !== undefined) {
    editor.edits.replace(raw.start, raw.end, `$id_${editor.text(raw)}`);
    editor.edits.replace(at, colon, `${lead}${target}${member(`$id_${name}`)} =`);
    return;
  }
  editor.edits.replace(at, colon, `${lead}${target}${member(name)} =`);
}

/** An empty literal would leave nothing between the commas. */
function canNest(_editor: FunctionEditor, value: ObjectExpression | Of<'ArrayExpression'>): boolean {
  if (value.type === 'ObjectExpression') return value.properties.length > 0;
  return value.elements.length > 0 && value.elements.every((element) => element !== null && element.type !== 'SpreadElement');
}

function storeElements(editor: FunctionEditor, node: Of<'ArrayExpression'>, target: string): void {
  let at = node.start;
  let lead = '(';
  const { tokens } = editor.fn;
  node.elements.forEach((element, i) => {
    if (element === null) return;
    const previous = i === 0 ? node.start : (node.elements[i - 1]?.end ?? at);
    // From the bracket or comma before the element, so that parentheses around it stay.
    const before = tokens.find((token) => token.start >= previous && (token.type.label === '[' || token.type.label === ','));
    const from = before === undefined ? element.start : before.end;
    if (i === 0) editor.edits.replace(node.start, from, `${lead}${target}[${i}] =`);
    else editor.edits.replace(before === undefined ? at : before.start, from, `${lead}${target}[${i}] =`);
    at = element.end;
    lead = ', ';
  });
  // A trailing comma goes with the bracket.
  const close = node.end - 1;
  const comma = tokens.findLast((token) => token.end <= close && token.start >= at);
  editor.edits.replace(comma?.type.label === ',' ? comma.start : close, node.end, ')');
}

/** The property of `record.name` where the record is a view for sure and the name may be put before it. */
export function textRead(editor: FunctionEditor, node: Node): Of<'Identifier'> | undefined {
  if (node.type !== 'MemberExpression' || node.computed || node.optional || node.property.type !== 'Identifier') return undefined;
  const value = editor.fact(node.object);
  if (!isView(value, editor.context.sites)) return undefined;
  const name = node.property.name;
  // All of the records that it may be have a text field of that name.
  const texts = [...(value?.records ?? [])].every((record) => {
    const struct = record.struct ?? editor.context.plan.layouts.settle(record);
    const type = struct?.fields[name];
    return type?.kind === 'scalar' && type.type === 'text';
  });
  return texts ? node.property : undefined;
}

/** `...view` in a literal that is made: its fields are listed, or read by a helper. */
export function editSpread(editor: FunctionEditor, spread: Of<'SpreadElement'>): void {
  const { argument } = spread;
  if (!editor.mayBeView(argument)) return;
  const value = editor.fact(argument);
  const records = [...(value?.records ?? [])];
  const names = records[0]?.fieldNames();
  if (
    value !== undefined &&
    only(value, 'records') &&
    records.length === 1 &&
    names !== undefined &&
    names.every((name) => name !== '__proto__') &&
    isStable(editor, argument)
  ) {
    const from = editor.text(argument);
    const fields = names.map((name) => `${JSON.stringify(name)}: ${from}${member(name)}`);
    editor.edits.replace(spread.start, spread.end, fields.join(', '));
    return;
  }
  editor.edits.wrap(spread.start + 3, spread.end, `${editor.name('own')}(`, ')');
}

/** Whether an expression can be written several times: a variable. */
function isStable(editor: FunctionEditor, node: Node): boolean {
  return node.type === 'Identifier' && editor.fn.scopes.bindings.has(node);
}
