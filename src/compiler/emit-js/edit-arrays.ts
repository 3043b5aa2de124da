// Edits indexing of fixed arrays: checked reads and writes instead of accessors found by number.
import { only, type Value } from '../analyse/value.js';
import type { Node, Of } from '../parse/ast.js';
import type { FunctionEditor } from './edit-function.js';

/** Whether a value is a fixed array in memory: for sure, perhaps, or not. */
function arrayness(value: Value | undefined): 'view' | 'maybe' | 'no' {
  if (value === undefined) return 'no';
  const inMemory = [...(value.arrays ?? [])].map((array) => array.kind !== 'literal');
  if (inMemory.length === 0) return 'no';
  return only(value, 'arrays') && inMemory.every(Boolean) ? 'view' : 'maybe';
}

/** Whether an index may be a number; names such as `length` are left alone. */
function isIndex(editor: FunctionEditor, node: Of<'MemberExpression'>): boolean {
  // A number that is written out has no fact of its own, and is not always in range.
  if (node.computed && node.property.type === 'Literal') return typeof node.property.value === 'number';
  const index = editor.fact(node.property);
  return (
    node.computed &&
    index !== undefined &&
    (index.number !== undefined || index.unknown !== undefined) &&
    !index.text
  );
}

/** `samples[i]` becomes `samples.$at(i)`. */
export function editArrayRead(editor: FunctionEditor, node: Of<'MemberExpression'>): void {
  if (!isIndex(editor, node)) return;
  const kind = arrayness(editor.fact(node.object));
  if (kind === 'no') return;
  const bracket = editor.token(node.object.end, '[');
  if (kind === 'view') {
    editor.edits.replace(bracket.start, bracket.end, node.optional ? '$at(' : '.$at(');
    editor.edits.replace(node.end - 1, node.end, ')');
  } else if (!node.optional) {
    // Within whatever else is put around the whole member.
    editor.edits.wrap(node.start, node.object.end, `${editor.name('at')}(`, '');
    editor.edits.replace(bracket.start, bracket.end, ', ');
    editor.edits.replace(node.end - 1, node.end, ')');
  }
}

/** Whether a member is what an assignment writes to. */
export function isArrayTarget(editor: FunctionEditor, node: Node): boolean {
  const parent = editor.parent(node);
  if (parent === undefined) return false;
  if (parent.type === 'AssignmentExpression') return parent.left === node;
  if (parent.type === 'UpdateExpression') return true;
  return (
    parent.type === 'ArrayPattern' ||
    parent.type === 'AssignmentPattern' ||
    (parent.type === 'Property' && isPatternOf(editor, parent))
  );
}

function isPatternOf(editor: FunctionEditor, property: Node): boolean {
  return editor.parent(property)?.type === 'ObjectPattern';
}

/** `samples[i] = x` becomes `samples.$put(i, x)`, `samples[i] += x` reads, adds and puts. */
export function editArrayWrite(
  editor: FunctionEditor,
  node: Of<'AssignmentExpression'> | Of<'UpdateExpression'>,
): void {
  const target = node.type === 'AssignmentExpression' ? node.left : node.argument;
  if (target.type !== 'MemberExpression' || !isIndex(editor, target)) return;
  if (arrayness(editor.fact(target.object)) !== 'view') return;
  const { edits } = editor;
  const bracket = editor.token(target.object.end, '[');
  const close = target.end - 1;
  const isStatement = editor.parent(node)?.type === 'ExpressionStatement' || isLoopUpdate(editor, node);
  if (isStatement && node.type === 'AssignmentExpression' && node.operator === '=') {
    const equals = editor.token(target.end, '=');
    edits.replace(bracket.start, bracket.end, '.$put(');
    edits.replace(close, equals.end, ',');
    edits.wrap(node.start, node.end, '', ')');
    return;
  }
  const array = editor.context.temporary();
  if (isStatement && (node.type === 'UpdateExpression' || !isLogical(node.operator))) {
    const index = editor.context.temporary();
    const operator =
      node.type === 'UpdateExpression' ? (node.operator[0] as string) : node.operator.slice(0, -1);
    edits.replace(node.start, target.start, '');
    edits.wrap(target.start, target.start, '', `(${array} = `);
    edits.replace(bracket.start, bracket.end, `, ${array}).$put(${index} = `);
    if (node.type === 'UpdateExpression') {
      const one = editor.fact(target)?.bigint ? '1n' : '1';
      edits.replace(close, node.end, `, ${array}.$at(${index}) ${operator} ${one})`);
    } else {
      const assign = editor.fn.tokens.find(
        (token) => token.start >= target.end && token.type.label.includes('='),
      );
      edits.replace(close, assign?.end ?? close, `, ${array}.$at(${index}) ${operator} (`);
      edits.wrap(node.start, node.end, '', '))');
    }
    return;
  }
  // Its value is used: the index is checked, and the array's accessors do the rest.
  edits.wrap(target.start, target.start, '', `(${array} = `);
  edits.replace(bracket.start, bracket.end, `)[${editor.name('index')}(${array}, `);
  edits.replace(close, close + 1, ')]');
}

function isLogical(operator: string): boolean {
  return operator === '&&=' || operator === '||=' || operator === '??=';
}

function isLoopUpdate(editor: FunctionEditor, node: Node): boolean {
  const parent = editor.parent(node);
  return parent?.type === 'ForStatement' && (parent.update === node || parent.init === node);
}
