// Object and array literals: what they make.
import { type Node, type Of, propertyName } from '../parse/ast.js';
import type { Activation } from './activation.js';
import { evaluate } from './evaluate.js';
import { Cell } from './record-type.js';
import { arrayOf, isNever, join, NEVER, NIL, only, recordOf, textConstant, type Value } from './value.js';

/** An object literal: a record whose later properties replace earlier ones of the same name. */
export function evaluateObject(act: Activation, node: Of<'ObjectExpression'>): Value {
  const type = act.analysis.literal(act, node);
  const found = new Map<string, { value: Value; node: Node }>();
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const from = evaluate(act, property.argument);
      if (from.unknown || from.namespaces || from.arrays) type.opaque ??= 'it spreads something unknown';
      const spread = new Map<string, Value>();
      for (const record of from.records ?? []) {
        if (record.opaque !== undefined) type.opaque ??= record.opaque;
        for (const name of record.fieldNames() ?? []) {
          spread.set(name, join(spread.get(name) ?? NEVER, record.read(name) ?? NEVER));
        }
      }
      for (const [name, value] of spread) {
        const missing = [...(from.records ?? [])].some((record) => record.read(name) === undefined);
        const before = from.nil || missing ? (found.get(name)?.value ?? NIL) : NEVER;
        found.set(name, { value: join(value, before), node: property });
      }
      continue;
    }
    if (property.kind !== 'init') {
      type.opaque ??= 'it has accessors';
      continue;
    }
    const name = propertyName(property.key, property.computed) ?? textConstant(evaluate(act, property.key));
    const value = evaluate(act, property.value);
    if (name === undefined) type.opaque ??= 'it has computed names';
    else if (name === '__proto__' && !property.shorthand && !property.computed)
      type.opaque ??= 'it sets its prototype';
    else found.set(name, { value, node: property.value });
  }
  for (const [name, { value, node: at }] of found) {
    if (!type.fields.has(name)) act.analysis.changed = true;
    act.analysis.grew(type.cell(name).write(value, act.at(at)));
  }
  return recordOf(type);
}

/** An array literal: its length is known unless it spreads something of unknown length. */
export function evaluateArray(act: Activation, node: Of<'ArrayExpression'>): Value {
  const type = act.analysis.array(act, node);
  const before = type.length;
  // Undefined as long as it is not known of what is spread: a window that is made of itself.
  let length: number | 'varies' | undefined = 0;
  const spreads = node.elements.some((element) => element?.type === 'SpreadElement');
  if (!spreads) type.items ??= node.elements.map(() => new Cell());
  node.elements.forEach((element, i) => {
    if (element?.type === 'SpreadElement') {
      const from = evaluate(act, element.argument);
      const lengths = new Set<number | 'varies'>();
      for (const array of from.arrays ?? []) {
        act.analysis.grew(type.element.write(array.read(), act.at(element)));
        for (const known of array.lengths()) lengths.add(known);
      }
      if (from.text || from.string) act.analysis.grew(type.element.write({ string: true }, act.at(element)));
      if (from.unknown) act.analysis.grew(type.element.write(from, act.at(element)));
      const isYetToCome = lengths.size === 0 && (isNever(from) || only(from, 'arrays'));
      const known =
        lengths.size === 1 && !from.unknown ? [...lengths][0] : isYetToCome ? undefined : 'varies';
      length =
        length === 'varies' || known === 'varies'
          ? 'varies'
          : known === undefined || length === undefined
            ? undefined
            : length + known;
      return;
    }
    const value = element === null ? NIL : evaluate(act, element);
    const cell = type.items?.[i] ?? type.element;
    act.analysis.grew(cell.write(value, act.at(element ?? node)));
    if (typeof length === 'number') length++;
  });
  type.length = before === 'varies' ? 'varies' : (length ?? before);
  if (type.length !== before) act.analysis.changed = true;
  return arrayOf(type);
}
