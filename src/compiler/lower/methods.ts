// Methods of arrays: the callbacks are inlined, in a loop over fixed arrays, element by element over literals and tables.

import { callOperand } from './calls.js';
import { comparison, sameValueZero } from './compare.js';
import type { Exit } from './control.js';
import { elementsOf as partsOf } from './fields.js';
import { iterate } from './iteration.js';
import { allElements, tupleOf } from './literals.js';
import { readComputed, readMember, writeComputed } from './members.js';
import { numberConstant } from './numbers.js';
import { type Operand, type SingleOperand, UNDEFINED } from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import type { Frame } from './scope.js';
import { boolConstant, truth } from './truth.js';

/** `object.name(…)` of what is no namespace. */
export function callMethod(
  frame: Frame,
  object: SingleOperand,
  name: string,
  args: readonly Operand[],
): Operand {
  switch (object.kind) {
    case 'array':
    case 'tuple':
      return arrayMethod(frame, object, name, args);
    case 'constant':
      return Array.isArray(object.of) || ArrayBuffer.isView(object.of)
        ? arrayMethod(frame, object, name, args)
        : refuse(`${name} of a table is called`);
    case 'object':
      return object.fields.has(name)
        ? callOperand(frame.low, readMember(frame.low, object, name), args)
        : refuse(`${name} of an object is available to JavaScript only`);
    case 'nil':
      return readMember(frame.low, object, name);
    case 'namespace':
      return callOperand(frame.low, readMember(frame.low, object, name), args);
    default:
      return refuse(`${name} of ${describeOperand(object)} is available to JavaScript only`);
  }
}

function arrayMethod(frame: Frame, array: SingleOperand, name: string, args: readonly Operand[]): Operand {
  const { low } = frame;
  const [first = UNDEFINED, second] = args;
  const callback = (element: Operand, index: Operand) => callOperand(low, first, [element, index, array]);
  switch (name) {
    case 'forEach':
      iterate(low, array, [], frame, (element, index) => void callback(element, index));
      return UNDEFINED;
    case 'some':
      return search(frame, array, boolConstant(false), (element, index, found) => {
        whenFound(frame, callback(element, index), found, () => boolConstant(true));
      });
    case 'every':
      return search(frame, array, boolConstant(true), (element, index, found) => {
        const value = callback(element, index);
        if (!low.reachable) return;
        low.requireTruthy(value, () => low.jump(found, boolConstant(false)));
      });
    case 'find':
      return search(frame, array, UNDEFINED, (element, index, found) => {
        whenFound(frame, callback(element, index), found, () => element);
      });
    case 'findIndex':
      return search(frame, array, numberConstant(-1), (element, index, found) => {
        whenFound(frame, callback(element, index), found, () => index);
      });
    case 'includes':
    case 'indexOf': {
      if (second !== undefined) return refuse(`${name} is given where to start`);
      const isIn = name === 'includes';
      return search(
        frame,
        array,
        isIn ? boolConstant(false) : numberConstant(-1),
        (element, index, found) => {
          const equal = isIn
            ? sameValueZero(low.builder, element, first)
            : (comparison(low.builder, '===', element, first) ?? boolConstant(false));
          whenFound(frame, equal, found, () => (isIn ? boolConstant(true) : index));
        },
      );
    }
    case 'reduce': {
      const elements = second === undefined ? 1 : 0;
      const start = second ?? readComputed(low, array, numberConstant(0));
      const sum = low.cell('reduced', start);
      iterateFrom(frame, array, elements, (element, index) => {
        const value = callOperand(low, first, [low.read(sum), element, index, array]);
        if (low.reachable) low.write(sum, value);
      });
      return low.reachable ? low.read(sum) : UNDEFINED;
    }
    case 'map': {
      const results: Operand[] = [];
      inTurn(frame, array, (element, index) => {
        results.push(low.pinned(callback(element, index), 'mapped'));
      });
      return low.reachable ? tupleOf(frame, results) : UNDEFINED;
    }
    case 'slice':
      return tupleOf(frame, elementsOf(frame, array).slice(...boundsOf(name, args)));
    case 'concat':
      return tupleOf(frame, [
        ...elementsOf(frame, array),
        ...args.flatMap((arg) => allElements(low, arg) ?? [arg]),
      ]);
    case 'at':
      if (first.kind === 'number' && first.constant !== undefined) {
        const elements = elementsOf(frame, array);
        return elements.at(first.constant) ?? UNDEFINED;
      }
      return refuse('at is given an index that is computed');
    case 'entries':
      return tupleOf(
        frame,
        elementsOf(frame, array).map((element, i) => tupleOf(frame, [numberConstant(i), element])),
      );
    case 'keys':
      return tupleOf(
        frame,
        elementsOf(frame, array).map((_, i) => numberConstant(i)),
      );
    case 'values':
      return array;
    case 'fill': {
      if (array.kind === 'constant') return refuse('a table is changed');
      const places = elementsOf(frame, array).map((_, i) => i);
      for (const i of places.slice(...boundsOf(name, args.slice(1))))
        writeComputed(low, array, numberConstant(i), first);
      return array;
    }
    case 'reverse':
      return reordered(frame, array, (places) => places.reverse());
    case 'copyWithin': {
      const [to = 0, ...from] = boundsOf(name, args);
      return reordered(frame, array, (places) => places.copyWithin(to, ...(from as [number, number?])));
    }
    default:
      return refuse(`${name} of an array is available to JavaScript only`);
  }
}

/** Numbers that are known to the compiler: places in an array. */
function boundsOf(name: string, args: readonly Operand[]): number[] {
  return args.map((arg) => {
    const bound = arg.kind === 'number' ? arg.constant : undefined;
    return bound ?? refuse(`${name} is given bounds that are computed`);
  });
}

/** Gives the places of an array the elements of others: what that does to a list of their numbers. */
function reordered(frame: Frame, array: SingleOperand, order: (places: number[]) => number[]): Operand {
  if (array.kind === 'constant') return refuse('a table is changed');
  if (array.kind === 'array' && array.type.element.kind !== 'scalar')
    return refuse('records of an array trade places');
  const elements = elementsOf(frame, array);
  order(elements.map((_, i) => i)).forEach((from, i) => {
    if (from !== i) writeComputed(frame.low, array, numberConstant(i), elements[from] as Operand);
  });
  return array;
}

/** Longer fixed arrays are not taken apart into locals. */
const MAX_ELEMENTS = 64;

function elementsOf({ low }: Frame, array: Operand): Operand[] {
  if (array.kind === 'array' && array.type.length > MAX_ELEMENTS) return refuse('a long array is copied');
  return allElements(low, array) ?? refuse(`${describeOperand(array)} is no array`);
}

/** Goes over an array until something is found; `none` if nothing is. */
function search(
  frame: Frame,
  array: Operand,
  none: Operand,
  look: (element: Operand, index: Operand, found: Exit) => void,
): Operand {
  const { low } = frame;
  return (
    low.block('found', (found) => {
      iterate(low, array, [], frame, (element, index) => look(element, index, found));
      return low.reachable ? none : undefined;
    }) ?? UNDEFINED
  );
}

function whenFound(frame: Frame, value: Operand, found: Exit, result: () => Operand): void {
  const { low } = frame;
  if (!low.reachable) return;
  const { constant, value: condition } = truth(value);
  if (constant === true) low.jump(found, result());
  else if (constant === undefined) low.branch(condition, () => low.jump(found, result()));
}

/** Goes over an array from its first or second element on. */
function iterateFrom(
  frame: Frame,
  array: Operand,
  from: number,
  body: (element: Operand, index: Operand) => void,
): void {
  if (from === 0) {
    iterate(frame.low, array, [], frame, body);
    return;
  }
  inTurn(frame, array, (element, index, i) => {
    if (i >= from) body(element, index);
  });
}

/** Goes over an array turn by turn; an element is read when it is its turn, for the turns before may have assigned it. */
function inTurn(
  { low }: Frame,
  array: Operand,
  body: (element: Operand, index: Operand, i: number) => void,
): void {
  const elements = partsOf(low, array) ?? refuse(`${describeOperand(array)} is no array`);
  if (array.kind === 'array' && elements.length > MAX_ELEMENTS) refuse('a long array is copied');
  for (let i = 0; i < elements.length && low.reachable; i++) body(elements.at(i), numberConstant(i), i);
}
