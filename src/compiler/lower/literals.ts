// Object and array literals: cells, which are locals at most.
import { type Node, type Of, propertyName } from '../parse/ast.js';
import { evaluate } from './evaluate.js';
import { elementsOf } from './fields.js';
import type { Lowering } from './lowering.js';
import { fieldNames, readMember } from './members.js';
import type { Cell, Operand, SingleOperand } from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import type { Frame } from './scope.js';
import { alternativesOf } from './shapes.js';

/** `{ a: 1, ...b }`: later properties replace earlier ones of the same name, in their place. */
export function objectLiteral(frame: Frame, node: Of<'ObjectExpression'>): Operand {
  const { low } = frame;
  const fields = new Map<string, Operand>();
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      spread(frame, evaluate(frame, property.argument), fields);
      continue;
    }
    if (property.kind !== 'init') return refuse('a literal has accessors');
    const name = propertyName(property.key, property.computed) ?? computedName(frame, property.key);
    if (name === '__proto__' && !property.computed && !property.shorthand)
      return refuse('a literal sets its prototype');
    fields.set(name, low.pinned(evaluate(frame, property.value), name));
  }
  return objectOf(frame, fields);
}

function objectOf({ low }: Frame, fields: ReadonlyMap<string, Operand>): Operand {
  const cells = new Map<string, Cell>();
  for (const [name, value] of fields) cells.set(name, low.cell(name, value));
  return { kind: 'object', fields: cells };
}

function computedName(frame: Frame, key: Node): string {
  const name = evaluate(frame, key);
  if (name.kind === 'text' && name.constant !== undefined) return name.constant;
  return name.kind === 'number' && name.constant !== undefined
    ? String(name.constant)
    : refuse('a literal has computed names');
}

/** `...value`: the own fields of a record; nothing of null, undefined and other scalars. */
function spread({ low }: Frame, value: Operand, into: Map<string, Operand>): void {
  const union = value.kind === 'union' ? low.pinned(value, 'spread') : value;
  const all = alternativesOf(union).map(spreadNames);
  for (const name of new Set(all.flat())) {
    const before = into.get(name);
    if (before === undefined && !all.every((names) => names.includes(name)))
      refuse('a literal has other fields on some ways than on others');
    const field = low.each(union, (single) =>
      spreadNames(single).includes(name) ? readMember(low, single, name) : (before as Operand),
    );
    into.set(name, low.pinned(field, name));
  }
}

function spreadNames(single: SingleOperand): readonly string[] {
  if (single.kind === 'nil' || single.kind === 'bool' || single.kind === 'number' || single.kind === 'bigint')
    return [];
  return fieldNames(single) ?? refuse(`a literal spreads ${describeOperand(single)}`);
}

/** `[a, ...b]` */
export function arrayLiteral(frame: Frame, node: Of<'ArrayExpression'>): Operand {
  const { low } = frame;
  const elements: Operand[] = [];
  for (const element of node.elements) {
    if (element === null) return refuse('an array has holes');
    if (element.type === 'SpreadElement')
      elements.push(...spreadElements(frame, evaluate(frame, element.argument)));
    else elements.push(low.pinned(evaluate(frame, element), `element${elements.length}`));
  }
  return tupleOf(frame, elements);
}

export function tupleOf({ low }: Frame, elements: readonly Operand[]): Operand {
  return { kind: 'tuple', elements: elements.map((value, i) => low.cell(`element${i}`, value)) };
}

/** Arrays up to this length may be spread. */
const MAX_SPREAD = 64;

/** The elements of what is spread into arguments or an array. */
export function spreadElements({ low }: Frame, value: Operand): readonly Operand[] {
  if (value.kind === 'array' && value.type.length > MAX_SPREAD) return refuse('a long array is spread');
  return allElements(low, value) ?? refuse(`${describeOperand(value)} is spread`);
}

/** All elements of an array whose length is known; undefined for what is none. */
export function allElements(low: Lowering, value: Operand): Operand[] | undefined {
  const elements = elementsOf(low, value);
  return elements && Array.from({ length: elements.length }, (_, i) => elements.at(i));
}
