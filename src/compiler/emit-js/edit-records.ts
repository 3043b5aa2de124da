// Edits object literals: stored in place where nobody can tell, and spread of views.
import type { FieldType, ScalarName, Struct } from '../../schema/index.js';
import { only } from '../analyse/value.js';
import { isPlain, isView, namesAfter, type Site } from '../lower/sites.js';
import { isNamedMember, type Node, type ObjectExpression, type Of, propertyName } from '../parse/ast.js';
import { DIRECT, index, placeOf } from './edit-fields.js';
import type { FunctionEditor } from './edit-function.js';
import { member } from './names.js';

/** Where a literal's fields are stored: a view, and an expression for its word address with bytes to add. */
interface Target {
  readonly view: string;
  readonly address: string;
  readonly offset: number;
  readonly struct: Struct;
}

/** `{ a: x, b: y }` becomes `($_F64[$_s0] = x, $_F64[$_s0 + 1] = y, $_v0)`. */
export function editSite(editor: FunctionEditor, site: Site): void {
  const { view, address } = editor.context.siteView(site);
  storeFields(editor, site.node, { view, address, offset: 0, struct: site.struct }, '(', `, ${view})`);
}

/** Stores a literal's fields into `target`; the text before the first and after the last is given. */
function storeFields(
  editor: FunctionEditor,
  node: ObjectExpression,
  target: Target,
  before: string,
  after: string,
): void {
  let at = node.start;
  let lead = before;
  for (const [i, property] of node.properties.entries()) {
    if (property.type === 'SpreadElement') {
      const value = editor.fact(property.argument);
      // What is given again behind it may be of another type there.
      const later = namesAfter(editor.context.plan, node, i);
      const names = [...(value?.records ?? [])][0]?.fieldNames()?.filter((name) => !later.has(name)) ?? [];
      const from = isStable(editor, property.argument)
        ? editor.text(property.argument)
        : editor.context.temporary();
      // Of undefined nothing is copied: fields hold what they can of that.
      const source = editor.mayBeMissing(property.argument) ? `(${from} ?? {})` : from;
      const copies = names.map((name) => `${target.view}${member(name)} = ${source}${member(name)}`);
      if (isStable(editor, property.argument)) {
        editor.edits.replace(at, property.end, `${lead}${copies.length === 0 ? from : copies.join(', ')}`);
      } else {
        editor.edits.replace(at, property.start + 3, `${lead}${from} = `);
        editor.edits.wrap(property.start, property.end, '', ['', ...copies].join(', '));
      }
    } else {
      storeField(editor, property, at, lead, target);
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
  target: Target,
): void {
  const name = propertyName(property.key, false) as string;
  const type = target.struct.fields[name] as FieldType;
  const value = property.value as Node;
  const store = storeText(editor, target, name);
  if (property.shorthand) {
    editor.edits.replace(at, property.end, `${lead}${store} = ${name}`);
    return;
  }
  const colon = editor.token(property.key.end, ':').end;
  if (
    type.kind === 'struct' &&
    value.type === 'ObjectExpression' &&
    isPlain(editor.context.plan, value, editor.handlesState) &&
    canNest(editor, value)
  ) {
    // Parentheses around the value stay as they are.
    editor.nested.add(value);
    editor.edits.replace(at, colon, lead);
    const offset = target.offset + offsetOf(target.struct, name);
    storeFields(
      editor,
      value,
      { ...target, view: `${target.view}${member(name)}`, offset, struct: type.struct },
      '(',
      ')',
    );
    return;
  }
  if (type.kind === 'array' && value.type === 'ArrayExpression' && canNest(editor, value)) {
    editor.edits.replace(at, colon, lead);
    storeElements(editor, value, `${target.view}${member(name)}`);
    return;
  }
  const raw = type.kind === 'scalar' && type.type === 'text' ? textRead(editor, value) : undefined;
  if (raw !== undefined) {
    editor.edits.replace(raw.start, raw.end, `$id_${editor.text(raw)}`);
    editor.edits.replace(at, colon, `${lead}${target.view}${member(`$id_${name}`)} =`);
    return;
  }
  if (type.kind === 'scalar' && copiesWord(editor, property, value, type.type)) {
    // A 64-bit integer of the same type: both of its halves are copied.
    const place = placeOf(editor, value);
    const from = editor.text(place?.record as Node);
    const [before, low] = index(4, place?.offset as number);
    const [, high] = index(4, (place?.offset as number) + 4);
    const cells = editor.name('U32');
    const to = target.offset + offsetOf(target.struct, name);
    const half = (bytes: number) => index(4, to + bytes).join(target.address);
    editor.handled.add(value);
    editor.edits.replace(
      at,
      property.end,
      `${lead}${cells}[${half(0)}] = ${cells}[${before}${from}.$p${low}], ${cells}[${half(4)}] = ${cells}[${before}${from}.$p${high}]`,
    );
    return;
  }
  editor.edits.replace(at, colon, `${lead}${store} =`);
}

function offsetOf(struct: Struct, name: string): number {
  return struct.layout.fields.find((field) => field.name === name)?.offset as number;
}

/** What a field of a target is assigned by. */
function storeText(editor: FunctionEditor, target: Target, name: string): string {
  const type = target.struct.fields[name] as FieldType;
  const direct = type.kind === 'scalar' ? DIRECT[type.type] : undefined;
  if (direct === undefined) return `${target.view}${member(name)}`;
  const [before, after] = index(direct.bytes, target.offset + offsetOf(target.struct, name));
  return `${editor.name(direct.array)}[${before}${target.address}${after}]`;
}

function copiesWord(
  editor: FunctionEditor,
  property: Of<'Property'>,
  value: Node,
  type: ScalarName,
): boolean {
  if (type !== 'u53' && type !== 'i53' && type !== 'i64' && type !== 'u64') return false;
  const place = placeOf(editor, value);
  return (
    place !== undefined &&
    place.type === type &&
    place.record.type === 'Identifier' &&
    !editor.mayBeMissing(place.record) &&
    value.end === property.end
  );
}

/** An empty literal would leave nothing between the commas. */
function canNest(_editor: FunctionEditor, value: ObjectExpression | Of<'ArrayExpression'>): boolean {
  if (value.type === 'ObjectExpression') return value.properties.length > 0;
  return (
    value.elements.length > 0 &&
    value.elements.every((element) => element !== null && element.type !== 'SpreadElement')
  );
}

function storeElements(editor: FunctionEditor, node: Of<'ArrayExpression'>, target: string): void {
  let at = node.start;
  let lead = '(';
  const { tokens } = editor.fn;
  node.elements.forEach((element, i) => {
    if (element === null) return;
    const previous = i === 0 ? node.start : (node.elements[i - 1]?.end ?? at);
    // From the bracket or comma before the element, so that parentheses around it stay.
    const before = tokens.find(
      (token) => token.start >= previous && (token.type.label === '[' || token.type.label === ','),
    );
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
  if (!isNamedMember(node)) return undefined;
  const value = editor.fact(node.object);
  if (!isView(value, editor.context.sites) || editor.mayBeMissing(node.object)) return undefined;
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
    names?.every((name) => name !== '__proto__') &&
    !editor.mayBeMissing(argument) &&
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
