// Source text of a key function: what it returns is stored where the table looks for it.
import type { KeyPart } from '../../operator/table-layout.js';
import type { KeyShape } from '../analyse/key.js';
import type { Node } from '../parse/ast.js';
import type { FunctionEditor } from './edit-function.js';
import { textRead } from './edit-records.js';
import type { DriverContext } from './operator-source.js';

/** `(r) => [r.id, r.ts]` becomes `(r) => ($_F64[$_key0] = r.id + 0, $_F64[$_key0 + 1] = r.ts + 0)`. */
export function keyFunctionSource(
  editor: FunctionEditor,
  name: string,
  i: number,
  key: KeyShape,
  using: string | undefined,
  driver: DriverContext,
): string {
  const { prefix } = driver;
  const put = `${prefix}putKey${i}`;
  let needsPut = false;
  const store = (node: Node): void => {
    if (node.type === 'ConditionalExpression') {
      store(node.consequent);
      store(node.alternate);
    } else if (node.type === 'SequenceExpression') {
      store(node.expressions.at(-1) as Node);
    } else if (!key.tuple) {
      const [before, after] = storeText(editor, key.parts[0] as KeyPart, i, 0, node, prefix);
      editor.edits.wrap(node.start, node.end, `(${before}(`, `)${after})`);
    } else if (
      node.type === 'ArrayExpression' &&
      node.elements.every((part) => part !== null && part.type !== 'SpreadElement')
    ) {
      storeTuple(editor, key, i, node, prefix);
    } else {
      needsPut = true;
      editor.edits.wrap(node.start, node.end, `${put}(`, ')');
    }
  };
  for (const { expression } of editor.returns()) if (expression !== undefined) store(expression);
  const text = `const ${name} = ${editor.expression(using)};`;
  if (!needsPut) return text;
  const stores = key.parts.map((part, n) =>
    storeText(undefined, part, i, n, undefined, prefix).join(`parts[${n}]`),
  );
  return `const ${put} = (parts) => { ${stores.join('; ')}; };\n${text}`;
}

function storeTuple(
  editor: FunctionEditor,
  key: KeyShape,
  i: number,
  node: Node & { type: 'ArrayExpression' },
  prefix: string,
): void {
  const { tokens } = editor.fn;
  let from = node.start;
  node.elements.forEach((element, n) => {
    const part = element as Node;
    // Up to the bracket or comma before the element, so that parentheses around it stay.
    const mark = tokens.find(
      (token) => token.start >= from && (token.type.label === '[' || token.type.label === ','),
    );
    const [before, after] = storeText(editor, key.parts[n] as KeyPart, i, n, part, prefix);
    const start = mark?.start ?? part.start;
    editor.edits.replace(start, mark?.end ?? start, `${n === 0 ? '(' : ', '}${before}(`);
    const close = closeOf(editor, node, n);
    editor.edits.wrap(part.start, close, '', `)${after}`);
    from = close;
  });
  const close = node.end - 1;
  const trailing = tokens.find(
    (token) => token.start >= from && token.end <= close && token.type.label === ',',
  );
  editor.edits.replace(trailing?.start ?? close, node.end, ')');
}

/** Where an element ends, parentheses around it included. */
function closeOf(editor: FunctionEditor, node: Node & { type: 'ArrayExpression' }, n: number): number {
  const element = node.elements[n] as Node;
  const until = node.elements[n + 1]?.start ?? node.end;
  let end = element.end;
  for (const token of editor.fn.tokens) {
    if (token.start < element.end) continue;
    if (token.start >= until || token.type.label !== ')') break;
    end = token.end;
  }
  return end;
}

/** What stores a part, before and after the expression. Adding 0 makes one key of 0 and -0. */
function storeText(
  editor: FunctionEditor | undefined,
  part: KeyPart,
  i: number,
  n: number,
  node: Node | undefined,
  prefix: string,
): [string, string] {
  const half = `${prefix}I32[2 * ${prefix}key${i} + ${2 * n}] = `;
  const word = `[${prefix}key${i} + ${n}] = `;
  switch (part) {
    case 'f64':
      return [`${prefix}F64${word}`, ' + 0'];
    case 'i32':
      return [half, ''];
    case 'bool':
      return [half, ' ? 1 : 0'];
    case 'i64':
    case 'u64':
      return [`${prefix}I64${word}${prefix}BigInt.asIntN(64, `, ')'];
    case 'text': {
      const raw = editor !== undefined && node !== undefined ? textRead(editor, node) : undefined;
      if (raw !== undefined) {
        editor?.edits.replace(raw.start, raw.end, `$id_${editor.text(raw)}`);
        return [half, ''];
      }
      return [`${half}${prefix}T.id(`, ')'];
    }
  }
}
