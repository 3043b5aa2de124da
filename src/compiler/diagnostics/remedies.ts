// Remedies: code at the end of a message, under a line that says where it belongs, so that it can be pasted as it is.
import { type Node, propertyName, walk } from '../parse/ast.js';
import { SourceEdits } from '../parse/source-edits.js';

/** Code for what the code frame marks. */
export const inItsPlace = (code: string): string => `Write in its place:\n\n${code}`;

/** A whole function, for the one that the message is about. */
export const functionSo = (code: string): string => `Write the function so:\n\n${code}`;

/** A whole call, for that of the operator that the message is about. */
export const callSo = (code: string): string => `Write the call so:\n\n${code}`;

/** The source text of a node. */
export const textOf = (text: string, node: { readonly start: number; readonly end: number }): string =>
  text.slice(node.start, node.end);

const SIMPLE = /^(Identifier|MemberExpression|CallExpression|ArrayExpression|TemplateLiteral|Literal)$/;

/** The source text of an expression, in parentheses where it stands beside an operator. */
export function operandText(text: string, node: Node): string {
  const own = textOf(text, node);
  return SIMPLE.test(node.type) ? own : `(${own})`;
}

/** The name that is most probably meant; undefined where none is alike. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  const ranked = names
    .map((other) => ({ other, distance: distance(name.toLowerCase(), other.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [first, second] = ranked;
  if (first !== undefined && first.distance <= limit && first.distance !== second?.distance)
    return first.other;
  const extended = names.filter((other) => other.startsWith(name) || name.startsWith(other));
  return name.length >= 3 && extended.length === 1 ? extended[0] : undefined;
}

/** How many letters are added, left out, replaced or swapped with their neighbour. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  const at = (i: number, k: number): number => rows[i]?.[k] ?? 0;
  const first = rows[0] as number[];
  for (let k = 0; k <= b.length; k++) first[k] = k;
  for (let i = 1; i <= a.length; i++) {
    for (let k = 1; k <= b.length; k++) {
      const same = a[i - 1] === b[k - 1] ? 0 : 1;
      let least = Math.min(at(i - 1, k) + 1, at(i, k - 1) + 1, at(i - 1, k - 1) + same);
      if (i > 1 && k > 1 && a[i - 1] === b[k - 2] && a[i - 2] === b[k - 1])
        least = Math.min(least, at(i - 2, k - 2) + 1);
      (rows[i] as number[])[k] = least;
    }
  }
  return at(a.length, b.length);
}

/** The node around a node of a function. */
export function parentOf(root: Node, node: Node): Node | undefined {
  let found: Node | undefined;
  walk(root, (at) => {
    if (Object.values(at).some((value) => value === node || (Array.isArray(value) && value.includes(node))))
      found ??= at;
    return found === undefined && at.start <= node.start && at.end >= node.end;
  });
  return found;
}

/** The fields that a string is made of; undefined where none can be told. */
export function partsOf(text: string, node: Node, isScalar: (node: Node) => boolean): string[] | undefined {
  const parts: string[] = [];
  walk(node, (at) => {
    if (at.type !== 'MemberExpression' && at.type !== 'Identifier') return undefined;
    const isField = isScalar(at);
    if (isField && !parts.includes(textOf(text, at))) parts.push(textOf(text, at));
    if (isField) return false;
    // The name of a member is no variable.
    if (at.type === 'MemberExpression' && !at.computed)
      parts.push(...(partsOf(text, at.object, isScalar) ?? []));
    return at.type === 'MemberExpression' ? false : undefined;
  });
  return parts.length > 0 ? [...new Set(parts)] : undefined;
}

/** What a string is made of, to be stored in one field: the field itself, or a record of several. */
export function madeOf(parts: readonly string[]): string | undefined {
  if (parts.length === 1) return parts[0];
  const names = parts.map((part) => /([\w$]+)$/.exec(part)?.[1]);
  if (names.includes(undefined) || new Set(names).size < names.length) return undefined;
  return `{ ${parts.map((part, i) => (part === names[i] ? part : `${names[i]}: ${part}`)).join(', ')} }`;
}

/** An object literal with another property, or with one less. */
export function withField(text: string, literal: Node, field: string, value: string): string | undefined {
  if (literal.type !== 'ObjectExpression') return undefined;
  const edits = new SourceEdits(text);
  const last = literal.properties.at(-1);
  if (last === undefined) return `{ ${field}: ${value} }`;
  edits.wrap(last.end, last.end, '', `, ${field}: ${value}`);
  return edits.apply(literal.start, literal.end);
}

/** A literal with a field under another name. */
export function renamedField(text: string, literal: Node, from: string, to: string): string | undefined {
  if (literal.type !== 'ObjectExpression') return undefined;
  const property = literal.properties.find(
    (one) => one.type === 'Property' && propertyName(one.key, one.computed) === from,
  );
  if (property?.type !== 'Property' || property.method || property.computed) return undefined;
  const edits = new SourceEdits(text);
  edits.replace(property.key.start, property.key.end, property.shorthand ? `${to}: ${from}` : to);
  return edits.apply(literal.start, literal.end);
}

export function withoutField(text: string, literal: Node, field: string): string | undefined {
  if (literal.type !== 'ObjectExpression') return undefined;
  const kept = literal.properties.filter(
    (property) => property.type !== 'Property' || propertyName(property.key, property.computed) !== field,
  );
  if (kept.length === literal.properties.length) return undefined;
  return kept.length === 0 ? '{}' : `{ ${kept.map((property) => textOf(text, property)).join(', ')} }`;
}
