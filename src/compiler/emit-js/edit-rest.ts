// Edits `...rest` of records: a view has no fields of its own to take the rest of.
import type { Node, Of } from '../parse/ast.js';
import type { FunctionEditor } from './edit-function.js';

/** The record that a pattern with `...rest` takes apart is read into an object first. */
export function editRest(editor: FunctionEditor, pattern: Of<'ObjectPattern'>): void {
  const hasRest = pattern.properties.some((property) => property.type === 'RestElement');
  if (!hasRest || !editor.mayBeView(pattern)) return;
  const { root, nested } = rootOf(editor, pattern);
  const helper = nested ? 'plain' : 'own';
  const parent = editor.parent(root);
  switch (parent?.type) {
    case 'VariableDeclarator':
      if (parent.init) editor.wrapCall(parent.init, helper);
      else editRestOfEach(editor, parent, helper);
      return;
    case 'AssignmentExpression':
      editor.wrapCall(parent.right, helper);
      return;
    case 'ForOfStatement':
      editor.wrapCall(parent.right, `${helper}Each`);
      return;
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      editRestParameter(editor, parent, root, helper);
      return;
  }
}

/** The whole pattern that one is a part of. */
function rootOf(editor: FunctionEditor, pattern: Node): { root: Node; nested: boolean } {
  let root = pattern;
  for (;;) {
    const parent = editor.parent(root);
    const isPart =
      parent !== undefined &&
      (parent.type === 'ObjectPattern' ||
        parent.type === 'ArrayPattern' ||
        parent.type === 'AssignmentPattern' ||
        parent.type === 'RestElement' ||
        (parent.type === 'Property' && editor.parent(parent)?.type === 'ObjectPattern'));
    if (!isPart) return { root, nested: root !== pattern && root.type !== 'AssignmentPattern' };
    root = parent;
  }
}

/** `for (const { a, ...rest } of records)`. */
function editRestOfEach(editor: FunctionEditor, declarator: Node, helper: string): void {
  const declaration = editor.parent(declarator);
  const loop = declaration && editor.parent(declaration);
  if (loop?.type === 'ForOfStatement') editor.wrapCall(loop.right, `${helper}Each`);
}

/** `({ a, ...rest }) => body` takes a whole record and takes it apart inside. */
function editRestParameter(
  editor: FunctionEditor,
  fn: Of<'ArrowFunctionExpression'> | Of<'FunctionExpression'> | Of<'FunctionDeclaration'>,
  param: Node,
  helper: string,
): void {
  const { edits } = editor;
  const name = `${editor.name('p')}${fn.params.indexOf(param as never)}`;
  const text = editor.text(param);
  edits.replace(param.start, param.end, name);
  const pattern = param.type === 'AssignmentPattern' ? editor.text(param.left) : text;
  const value =
    param.type === 'AssignmentPattern'
      ? `${name} === undefined ? ${editor.text(param.right)} : ${name}`
      : name;
  const declaration = `let ${pattern} = ${editor.name(helper)}(${value});`;
  if (fn.body.type === 'BlockStatement') {
    edits.wrap(fn.body.start + 1, fn.body.start + 1, '', ` ${declaration}`);
    return;
  }
  const arrow = editor.fn.tokens.findLast(
    (token) => token.type.label === '=>' && token.end <= fn.body.start && token.start >= param.end,
  );
  const start = arrow?.end ?? fn.body.start;
  edits.wrap(start, fn.end, ` { ${declaration} return (`, '); }');
}
