// Remedies for fields whose type can't be settled: what is stored in them, written so that it can.
import type { FieldType } from '../../schema/index.js';
import {
  inItsPlace,
  madeOf,
  operandText,
  parentOf,
  partsOf,
  renamedField,
  textOf,
  withField,
  withoutField,
} from '../diagnostics/remedies.js';
import type { Node } from '../parse/ast.js';
import type { Analysis } from './analysis.js';
import type { WriteSpot } from './layouts.js';
import { facets, isNever, NEVER, only, type Value } from './value.js';

interface Given {
  readonly spot: WriteSpot;
  readonly remedy: string;
}

/** What is stored, written so that its type is plain; undefined where that can't be told. */
export function givenAValue(value: Value, at: WriteSpot, analysis: Analysis): Given | undefined {
  const spot = storedAt(at);
  if (spot === undefined) return undefined;
  const { text, node } = spot;
  const of = (code: string | undefined, before = ''): Given | undefined =>
    code === undefined ? undefined : { spot, remedy: before + inItsPlace(code) };
  const named = namedByValue(text, node);
  if (named !== undefined)
    return of(named, 'Fields have names of their own: keep the name in a field, too. ');
  const { nil, ...present } = value;
  const kinds = facets(present);
  if (value.string || value.namespaces) {
    const isScalar = (part: Node): boolean => {
      const facts = analysis.facts.get(part) ?? NEVER;
      return (
        facets(facts).length === 1 && (only(facts, 'number', 'bool', 'bigint', 'text') || !!facts.records)
      );
    };
    const parts = partsOf(text, node, isScalar);
    const code = parts && madeOf(parts);
    const what = value.string
      ? 'Store what the string is made of, and make'
      : 'Store what it is made of, and make';
    return of(code, `${what} ${value.string ? 'the string' : 'it'} where the records come out. `);
  }
  const own = textOf(text, node);
  if (nil && kinds.length === 1) {
    const fallback = defaultOf(present);
    return of(fallback && `${operandText(text, node)} ?? ${fallback}`);
  }
  if (only(value, 'number', 'bool') && kinds.length > 1) return of(`Number(${own})`);
  if (only(value, 'bigint')) return of(`BigInt.asIntN(64, ${own})`);
  if (value.unknown && !value.text) return of(`Number(${own})`);
  return undefined;
}

/** What is assigned, where the spot is the place that it is assigned to; undefined where that can't be told. */
function storedAt(spot: WriteSpot): WriteSpot | undefined {
  const parent = parentOf(spot.source.node as Node, spot.node);
  if (parent?.type === 'UpdateExpression') return undefined;
  if (parent?.type !== 'AssignmentExpression' || parent.left !== spot.node)
    return isShorthand(parent, spot) ? undefined : spot;
  return parent.operator === '=' ? { ...spot, node: parent.right } : undefined;
}

/** `{ high }`: what would be written in its place would no longer name the field. */
function isShorthand(parent: Node | undefined, { node }: WriteSpot): boolean {
  return parent?.type === 'Property' && parent.shorthand && parent.value === node;
}

/** `{ id, [r.name]: r.value }` as `{ id, key: r.name, value: r.value }`. */
function namedByValue(text: string, node: Node): string | undefined {
  if (node.type !== 'ObjectExpression') return undefined;
  const computed = node.properties.filter((property) => property.type === 'Property' && property.computed);
  const [one] = computed;
  if (computed.length !== 1 || one?.type !== 'Property') return undefined;
  const others = node.properties
    .filter((property) => property !== one)
    .map((property) => textOf(text, property));
  return `{ ${[...others, `key: ${textOf(text, one.key)}`, `value: ${textOf(text, one.value)}`].join(', ')} }`;
}

/** What a field holds where it has nothing to hold; undefined for records and arrays. */
export function defaultOf(value: Value): string | undefined {
  if (only(value, 'number')) return '0';
  if (only(value, 'bool')) return 'false';
  if (only(value, 'text')) return "''";
  if (!only(value, 'bigint')) return undefined;
  return value.bigint?.type === 'u64' ? 'BigInt.asUintN(64, 0n)' : 'BigInt.asIntN(64, 0n)';
}

/** A literal with a field that it lacks. */
export function fieldFilled({ text, node }: WriteSpot, field: string, like: Value): string | undefined {
  const fallback = isNever(like) ? undefined : defaultOf(like);
  const code = fallback && withField(text, node, field, fallback);
  return code && inItsPlace(code);
}

/** What is stored in a declared field, made to fit. */
export function converted(field: FieldType, value: Value, at: WriteSpot): string | undefined {
  const spot = storedAt(at);
  if (field.kind !== 'scalar' || spot !== at) return undefined;
  const own = textOf(spot.text, spot.node);
  const { type } = field;
  if (type === 'text' || value.records || value.arrays) return undefined;
  if (type === 'bool') return inItsPlace(`Boolean(${own})`);
  if (type !== 'i64' && type !== 'u64') return inItsPlace(`Number(${own})`);
  return only(value, 'number') ? inItsPlace(`BigInt(Math.trunc(${own}))`) : undefined;
}

/** A literal without a field that is not declared, or with the one name that is missing. */
export function undeclared(
  { text, node }: WriteSpot,
  field: string,
  names: readonly string[],
  expected: readonly string[],
): string | undefined {
  const missing = expected.filter((name) => !names.includes(name));
  if (missing.length === 0) return placed(withoutField(text, node, field));
  const others = names.filter((name) => !expected.includes(name));
  return missing.length === 1 && others.length === 1
    ? placed(renamedField(text, node, field, missing[0] as string))
    : undefined;
}

const placed = (code: string | undefined): string | undefined =>
  code === undefined ? undefined : inItsPlace(code);
