// `Array` and `Object`: what makes arrays of a known length, and looks at records field by field.
import { callOperand } from './calls.js';
import { globalOperand } from './globals.js';
import { allElements, tupleOf } from './literals.js';
import { fieldNames, readMember, writeMember } from './members.js';
import { numberConstant } from './numbers.js';
import { type BoolOperand, type NamespaceOperand, type Operand, UNDEFINED } from './operand.js';
import { textConstant } from './operators.js';
import { describeOperand, refuse } from './reasons.js';
import type { Frame } from './scope.js';
import { anyOf, boolConstant } from './truth.js';

type Operation = (frame: Frame, args: readonly Operand[]) => Operand;

/** Arrays are made up to this length. */
const MAX_LENGTH = 64;

function isArray(value: Operand): BoolOperand {
  if (value.kind === 'union') return anyOf(value, isArray);
  const isList = value.kind === 'constant' && Array.isArray(value.of);
  return boolConstant(value.kind === 'array' || value.kind === 'tuple' || isList);
}

const ARRAY: { readonly [name: string]: Operation } = {
  '()': arrayOfLength,
  of: (frame, args) => tupleOf(frame, args),
  isArray: (_, [value = UNDEFINED]) => isArray(value),
  from: (frame, [from = UNDEFINED, mapper]) => {
    const elements = elementsFrom(frame, from);
    if (mapper === undefined) return tupleOf(frame, elements);
    return tupleOf(
      frame,
      elements.map((element, i) =>
        frame.low.pinned(callOperand(frame.low, mapper, [element, numberConstant(i)]), 'element'),
      ),
    );
  },
};

const OBJECT: { readonly [name: string]: Operation } = {
  keys: (frame, [of = UNDEFINED]) =>
    tupleOf(
      frame,
      namesOf(of).map((name) => textConstant(frame.low, name)),
    ),
  values: (frame, [of = UNDEFINED]) =>
    tupleOf(
      frame,
      namesOf(of).map((name) => readMember(frame.low, of, name)),
    ),
  entries: (frame, [of = UNDEFINED]) =>
    tupleOf(
      frame,
      namesOf(of).map((name) =>
        tupleOf(frame, [textConstant(frame.low, name), readMember(frame.low, of, name)]),
      ),
    ),
  hasOwn: (_, [of = UNDEFINED, name = UNDEFINED]) =>
    name.kind === 'text' && name.constant !== undefined
      ? boolConstant(namesOf(of).includes(name.constant))
      : refuse('Object.hasOwn is given a computed name'),
  assign: ({ low }, [target = UNDEFINED, ...sources]) => {
    for (const source of sources)
      for (const name of namesOf(source)) writeMember(low, target, name, readMember(low, source, name));
    return target;
  },
};

/** A global that makes or takes apart objects of the code; undefined for all others. */
export function objectGlobal(frame: Frame, name: string): NamespaceOperand | undefined {
  const own = name === 'Array' ? ARRAY : name === 'Object' ? OBJECT : undefined;
  if (own === undefined) return undefined;
  const rest = globalOperand(frame.low, name);
  return {
    kind: 'namespace',
    name,
    member(member) {
      const operation = Object.hasOwn(own, member) ? own[member] : undefined;
      if (operation !== undefined)
        return { kind: 'known', name: `${name}.${member}`, call: (args) => operation(frame, args) };
      return rest?.kind === 'namespace' ? rest.member(member) : undefined;
    },
  };
}

/** `Array(n)`: n elements that are yet to be filled; of several arguments, those. */
export function arrayOfLength(frame: Frame, args: readonly Operand[]): Operand {
  const [length] = args;
  if (args.length !== 1) return tupleOf(frame, args);
  return tupleOf(frame, empty(length));
}

function empty(length: Operand | undefined): Operand[] {
  const count = length?.kind === 'number' ? length.constant : undefined;
  if (count === undefined || !Number.isInteger(count) || count < 0)
    return refuse('an array is made whose length is computed');
  return count > MAX_LENGTH ? refuse('a long array is made') : Array<Operand>(count).fill(UNDEFINED);
}

function elementsFrom(frame: Frame, from: Operand): Operand[] {
  if (from.kind === 'array' && from.type.length > MAX_LENGTH) return refuse('a long array is copied');
  const elements = allElements(frame.low, from);
  if (elements !== undefined) return elements;
  if (from.kind !== 'object' || !from.fields.has('length'))
    return refuse(`Array.from is given ${describeOperand(from)}`);
  return empty(readMember(frame.low, from, 'length'));
}

function namesOf(of: Operand): readonly string[] {
  const names = of.kind === 'union' ? undefined : fieldNames(of);
  return names ?? refuse(`the fields of ${describeOperand(of)} are listed`);
}
