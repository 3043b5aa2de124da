// Binding patterns: parameters, declarations and destructuring assignments.
import { inItsPlace, textOf } from '../diagnostics/remedies.js';
import { type Node, type Of, propertyName } from '../parse/ast.js';
import type { Activation } from './activation.js';
import { evaluate, writeTo } from './evaluate.js';
import { readComputed, readMember } from './members.js';
import {
  arrayOf,
  join,
  joinAll,
  NEVER,
  only,
  presentPart,
  recordOf,
  textConstant,
  unknown,
  type Value,
} from './value.js';

/** Binds or assigns a value to a pattern. */
export function bind(act: Activation, pattern: Node, value: Value, declares: boolean): void {
  act.analysis.note(pattern, value);
  switch (pattern.type) {
    case 'Identifier': {
      const binding = act.source.scopes.bindings.get(pattern);
      if (binding !== undefined) act.write(binding, value);
      return;
    }
    case 'AssignmentPattern': {
      const fallback = value.nil || value.unknown ? evaluate(act, pattern.right) : NEVER;
      bind(act, pattern.left, join(presentPart(value), fallback), declares);
      return;
    }
    case 'ObjectPattern': {
      const taken: string[] = [];
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          bind(act, property.argument, restOf(act, property, value, taken), declares);
          continue;
        }
        let name = propertyName(property.key, property.computed);
        if (name === undefined) name = textConstant(evaluate(act, property.key));
        const part =
          name === undefined
            ? readComputed(act, value, evaluate(act, property.key), property)
            : readMember(act, value, name, property);
        if (name !== undefined) taken.push(name);
        bind(act, property.value, part, declares);
      }
      return;
    }
    case 'ArrayPattern':
      if (only(value, 'records')) notIterable(act, pattern, value);
      pattern.elements.forEach((element, i) => {
        if (element === null) return;
        if (element.type === 'RestElement') {
          const rest = act.analysis.array(act, element);
          const lengths = new Set([...(value.arrays ?? [])].flatMap((type) => [...type.lengths()]));
          const [length] = lengths;
          const before = rest.length;
          if (before === 'varies' || lengths.size > 1 || length === 'varies') rest.length = 'varies';
          else if (length !== undefined) rest.length = Math.max(0, length - i);
          if (rest.length !== before) act.analysis.changed = true;
          for (const type of value.arrays ?? [])
            act.analysis.grew(rest.element.write(type.read(), undefined));
          bind(
            act,
            element.argument,
            value.unknown ? unknown('the rest of something unknown') : arrayOf(rest),
            declares,
          );
        } else {
          bind(act, element, elementOf(value, i), declares);
        }
      });
      return;
    default:
      writeTo(act, pattern, value);
  }
}

/** A record is taken apart as if it were an array. */
function notIterable(act: Activation, pattern: Of<'ArrayPattern'>, value: Value): void {
  const [record] = value.records ?? [];
  const names = record?.fieldNames() ?? [];
  const texts = pattern.elements.map((element) => (element ? textOf(act.source.text, element) : ''));
  const fits = texts.every((text) => names.includes(text));
  const remedy = fits ? inItsPlace(`{ ${texts.join(', ')} }`) : undefined;
  const has = names.join(', ') || 'none';
  const problem = { of: 'the record, which is no array,', field: '0', has };
  act.analysis.problem('FIELD_UNKNOWN', problem, act.at(pattern), remedy);
}

/** What the n-th element of something iterated is. */
function elementOf(value: Value, index: number): Value {
  if (value.unknown) return unknown('an element of something unknown');
  return joinAll([...(value.arrays ?? [])].map((type) => type.read(index)));
}

/** What `...rest` of a record is: a new record of the fields that were not taken. */
function restOf(act: Activation, node: Node, value: Value, taken: readonly string[]): Value {
  if (value.unknown || value.namespaces) return unknown('the rest of something unknown');
  const type = act.analysis.literal(act, node as never);
  for (const from of value.records ?? []) {
    type.opaque ??= from.opaque;
    for (const name of from.fieldNames() ?? []) {
      if (!taken.includes(name))
        act.analysis.grew(type.cell(name).write(from.read(name) ?? NEVER, act.at(node)));
    }
  }
  return recordOf(type);
}
