// Edits reads and writes of scalar fields of views: straight to memory, where the record's layout is known for sure.
//
// The views' accessors would do the same, but each of them counts against what an engine is willing to inline, and what
// isn't inlined hands its numbers over in boxes.
import type { FieldLayout, ScalarName, Struct } from '../../schema/index.js';
import { isView } from '../lower/sites.js';
import { isNamedMember, type Node, type Of } from '../parse/ast.js';
import type { FunctionEditor } from './edit-function.js';

/** A scalar of a record: the record, and where in it. */
interface Place {
  readonly record: Node;
  readonly type: ScalarName;
  /** In bytes, from the start of the record. */
  readonly offset: number;
}

/** Numbers that a typed array holds as they are. */
export const DIRECT: Partial<Record<ScalarName, { readonly array: string; readonly bytes: number }>> = {
  i8: { array: 'I8', bytes: 1 },
  u8: { array: 'U8', bytes: 1 },
  i16: { array: 'I16', bytes: 2 },
  u16: { array: 'U16', bytes: 2 },
  i32: { array: 'I32', bytes: 4 },
  u32: { array: 'U32', bytes: 4 },
  f32: { array: 'F32', bytes: 4 },
  f64: { array: 'F64', bytes: 8 },
  i64: { array: 'I64', bytes: 8 },
  u64: { array: 'U64', bytes: 8 },
};

/** `r.value` becomes `$_F64[r.$p + 1]`. */
export function editField(editor: FunctionEditor, node: Of<'MemberExpression'>): void {
  const place = placeOf(editor, node);
  if (place === undefined) return;
  const { record, type, offset } = place;
  const parent = editor.parent(node);
  if (parent?.type === 'CallExpression' && parent.callee === node) return;
  if (record.type !== 'Identifier' && record.type !== 'MemberExpression') return;
  const written = isWritten(editor, node);
  const direct = DIRECT[type];
  const isMissing = editor.mayBeMissing(record);
  const { edits } = editor;
  if (direct !== undefined) {
    const [before, after] = index(direct.bytes, offset);
    const array = editor.name(direct.array);
    if (
      isMissing &&
      node.object === record &&
      parent?.type === 'AssignmentExpression' &&
      isSet(node, parent)
    ) {
      const base = editor.context.temporary();
      // What is assigned is evaluated before it shows that there is nothing to assign to.
      edits.wrap(node.start, record.end, `${array}[${before}((${base} = `, '');
      edits.replace(record.end, node.end, `) ?? ${editor.name('nowhere')}).$p${after}]`);
      const check = `${base} ?? ${absentCall(editor, node, record, true)}`;
      if (editor.parent(parent)?.type === 'ExpressionStatement') {
        edits.wrap(parent.start, parent.end, '', `, ${check}`);
      } else {
        const value = editor.context.temporary();
        edits.wrap(parent.start, parent.end, `(${value} = `, `, ${check}, ${value})`);
      }
      return;
    }
    const isTarget = written && node.object === record && !isRead(parent);
    const [open, close] = isMissing ? ['(', ` ?? ${absentCall(editor, node, record, isTarget)})`] : ['', ''];
    // Within what is put around the member, and around what is put around a part of the record.
    edits.wrap(node.start, record.end, `${array}[${before}${open}`, '');
    edits.replace(record.end, node.end, `${close}.$p${after}]`);
    return;
  }
  if (written || isMissing || record.type !== 'Identifier') return;
  const p = `${editor.text(record)}.$p`;
  if (type === 'bool') {
    const [before, after] = index(1, offset);
    edits.replace(node.start, node.end, `(${editor.name('U8')}[${before}${p}${after}] !== 0)`);
  } else if (type === 'u53' || type === 'i53') {
    const [before, after] = index(4, offset);
    const [, next] = index(4, offset + 4);
    const high = `${editor.name(type === 'u53' ? 'U32' : 'I32')}[${before}${p}${next}]`;
    edits.replace(
      node.start,
      node.end,
      `(${high} * 4294967296 + ${editor.name('U32')}[${before}${p}${after}])`,
    );
  }
}

/** Whether a member is what `=` assigns to. */
function isSet(node: Node, parent: Of<'AssignmentExpression'>): boolean {
  return parent.left === node && parent.operator === '=';
}

/** Whether what is written is read before: `x += 1`, `x++`. */
function isRead(parent: Node | undefined): boolean {
  return parent?.type === 'UpdateExpression' || parent?.type === 'AssignmentExpression';
}

/** What throws as JavaScript does where the record of a member is undefined. */
function absentCall(editor: FunctionEditor, node: Node, record: Node, isSet: boolean): string {
  const [name] = editor.fn.text.slice(record.end + 1, node.end).split('.');
  return `${editor.name('absent')}('${name}'${isSet ? ', true' : ''})`;
}

/** Where a member is, if the layout of its record is known for sure. */
export function placeOf(editor: FunctionEditor, node: Node): Place | undefined {
  const found = fieldOf(editor, node);
  if (found?.type.kind !== 'scalar') return undefined;
  const { object, type, offset } = found;
  // A record within a record is at a fixed place in it.
  const outer = placeOfRecord(editor, object);
  return { record: outer?.record ?? object, type: type.type, offset: (outer?.offset ?? 0) + offset };
}

/** `r.pos` of a record that is a variable: the variable, and where in it. */
function placeOfRecord(editor: FunctionEditor, node: Node): { record: Node; offset: number } | undefined {
  const found = fieldOf(editor, node);
  if (found?.type.kind !== 'struct') return undefined;
  const { object, offset } = found;
  const outer = placeOfRecord(editor, object);
  if (outer !== undefined) return { record: outer.record, offset: outer.offset + offset };
  return object.type === 'Identifier' ? { record: object, offset } : undefined;
}

/** The field that a member is, of an expression whose layout is known for sure. */
function fieldOf(editor: FunctionEditor, node: Node): (FieldLayout & { object: Node }) | undefined {
  if (!isNamedMember(node)) return undefined;
  const { object, property } = node;
  // Only a dot between, or else parentheses and comments get lost.
  if (editor.fn.text.slice(object.end, property.start) !== '.') return undefined;
  const field = structOf(editor, object)?.layout.fields.find(({ name }) => name === property.name);
  return field && { ...field, object };
}

/** The one layout of all records that an expression may be, all of them views. */
function structOf(editor: FunctionEditor, node: Node): Struct | undefined {
  const value = editor.fact(node);
  const { sites, plan } = editor.context;
  if (!isView(value, sites)) return undefined;
  let struct: Struct | undefined;
  for (const record of value?.records ?? []) {
    const site = [...sites.values()].find((one) => one.type === record);
    const own = record.struct ?? site?.struct ?? plan.layouts.known(record);
    if (own === undefined || (struct !== undefined && struct.fingerprint !== own.fingerprint))
      return undefined;
    struct = own;
  }
  return struct;
}

function isWritten(editor: FunctionEditor, node: Node): boolean {
  const parent = editor.parent(node);
  switch (parent?.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForOfStatement':
    case 'ForInStatement':
      return parent.left === node;
    case 'UpdateExpression':
    case 'ArrayPattern':
    case 'RestElement':
      return true;
    case 'UnaryExpression':
      return parent.operator === 'delete';
    case 'Property':
      return editor.parent(parent)?.type === 'ObjectPattern';
    default:
      return false;
  }
}

/** The text before and after a word address that makes it an index of elements of a size. */
export function index(bytes: number, offset: number): [string, string] {
  const scale = 8 / bytes;
  const at = offset / bytes;
  return [scale === 1 ? '' : `${scale} * `, at === 0 ? '' : ` + ${at}`];
}
