// Lowers expressions where only their truth, or their presence, decides where control goes: straight to where it leads.
import type { Node, Of } from '../parse/ast.js';
import { calledClosure, inlineTested } from './calls.js';
import { chain } from './chains.js';
import { at, evaluate } from './evaluate.js';
import type { Leave } from './lowering.js';
import type { Cell, Operand, SingleOperand } from './operand.js';
import { UNDEFINED } from './operand.js';
import { placeOf } from './places.js';
import type { Frame } from './scope.js';
import { anyOf, boolConstant, partOf, presentPart, typeName } from './truth.js';

/** Goes on where an expression is truthy, with its value; else leaves with it. */
export function whenTruthy(frame: Frame, node: Node, leave: Leave): Operand {
  return test(frame, node, true, leave);
}

/** Goes on where an expression is falsy. */
export function whenFalsy(frame: Frame, node: Node, leave: Leave): Operand {
  return test(frame, node, false, leave);
}

function test(frame: Frame, node: Node, wanted: boolean, leave: Leave): Operand {
  const { low } = frame;
  if (!low.reachable) return UNDEFINED;
  switch (node.type) {
    case 'ParenthesizedExpression':
      return test(frame, node.expression, wanted, leave);
    case 'SequenceExpression': {
      for (const part of node.expressions.slice(0, -1)) evaluate(frame, part);
      return test(frame, node.expressions.at(-1) as Node, wanted, leave);
    }
    case 'UnaryExpression':
      if (node.operator !== '!') break;
      test(frame, node.argument, !wanted, () => leave(boolConstant(!wanted)));
      return boolConstant(wanted);
    case 'LogicalExpression':
      if (node.operator === '??') break;
      if ((node.operator === '&&') === wanted) {
        test(frame, node.left, wanted, leave);
        return test(frame, node.right, wanted, leave);
      }
      return (
        low.block('either', (exit) => {
          test(frame, node.left, !wanted, (value) => low.jump(exit, value));
          return test(frame, node.right, wanted, leave);
        }) ?? UNDEFINED
      );
    case 'ConditionalExpression':
      return (
        low.either(
          (exit) => void whenTruthy(frame, node.test, () => low.jump(exit)),
          () => test(frame, node.consequent, wanted, leave),
          () => test(frame, node.alternate, wanted, leave),
        ) ?? UNDEFINED
      );
    case 'ChainExpression': {
      const value = wanted ? chain(frame, node, () => leave(UNDEFINED)) : evaluate(frame, node);
      const result = require(frame, value, wanted, leave, undefined);
      return result;
    }
    case 'CallExpression': {
      const called = calledClosure(frame, node);
      if (called !== undefined) {
        return at(frame, node, () =>
          inlineTested(
            frame,
            called,
            (inner, argument) => test(inner, argument, wanted, leave),
            (value) => require(frame, value, wanted, leave, undefined),
          ),
        );
      }
      if (isBooleanCall(frame, node)) {
        test(frame, node.arguments[0] as Node, wanted, () => leave(boolConstant(!wanted)));
        return boolConstant(wanted);
      }
      break;
    }
    case 'BinaryExpression': {
      const parted = partedBy(frame, node);
      if (parted === undefined) break;
      return at(frame, node, () => requireParted(frame, parted, wanted, leave));
    }
  }
  const value = evaluate(frame, node);
  return require(frame, value, wanted, leave, placeOf(frame, node));
}

function require(
  frame: Frame,
  value: Operand,
  wanted: boolean,
  leave: Leave,
  cell: Cell | undefined,
): Operand {
  const { low } = frame;
  if (!low.reachable) return UNDEFINED;
  return wanted ? low.requireTruthy(value, leave, cell) : low.requireFalsy(value, leave, cell);
}

/** Goes on where an expression is neither null nor undefined. */
export function whenPresent(frame: Frame, node: Node, leave: Leave): Operand {
  const { low } = frame;
  if (!low.reachable) return UNDEFINED;
  if (node.type === 'ParenthesizedExpression') return whenPresent(frame, node.expression, leave);
  const value =
    node.type === 'ChainExpression' ? chain(frame, node, () => leave(UNDEFINED)) : evaluate(frame, node);
  return low.requirePresent(value, leave, placeOf(frame, node));
}

function isBooleanCall(frame: Frame, { callee, arguments: args }: Of<'CallExpression'>): boolean {
  return (
    callee.type === 'Identifier' &&
    callee.name === 'Boolean' &&
    frame.bindingOf(callee) === undefined &&
    args.length === 1 &&
    args[0]?.type !== 'SpreadElement'
  );
}

/** A comparison that tells which of its alternatives an operand is. */
interface Parted {
  readonly tested: Node;
  /** Whether the comparison holds for an alternative. */
  readonly holds: (single: SingleOperand) => boolean;
}

function partedBy(frame: Frame, node: Of<'BinaryExpression'>): Parted | undefined {
  const { operator } = node;
  if (!/^[!=]==?$/.test(operator) || node.left.type === 'PrivateIdentifier') return undefined;
  const negated = operator.startsWith('!');
  const strict = operator.length === 3;
  for (const [tested, other] of [
    [node.left, node.right],
    [node.right, node.left],
  ] as const) {
    const nil = nilOf(frame, other);
    if (nil !== false) {
      const is = (single: SingleOperand) => single.kind === 'nil' && (!strict || single.value === nil);
      return { tested, holds: (single) => is(single) !== negated };
    }
    if (
      tested.type === 'UnaryExpression' &&
      tested.operator === 'typeof' &&
      other.type === 'Literal' &&
      typeof other.value === 'string'
    ) {
      return { tested: tested.argument, holds: (single) => (typeName(single) === other.value) !== negated };
    }
  }
  return undefined;
}

/** `undefined` or `null` where an expression says so; else false. */
function nilOf(frame: Frame, node: Node): undefined | null | false {
  if (node.type === 'Literal' && node.raw === 'null') return null;
  if (node.type === 'Identifier' && node.name === 'undefined' && frame.bindingOf(node) === undefined)
    return undefined;
  return node.type === 'UnaryExpression' && node.operator === 'void' && node.argument.type === 'Literal'
    ? undefined
    : false;
}

function requireParted(frame: Frame, { tested, holds }: Parted, wanted: boolean, leave: Leave): Operand {
  const { low } = frame;
  const value = low.pinned(evaluate(frame, tested), 'value');
  if (!low.reachable) return UNDEFINED;
  const stays = (single: SingleOperand) => holds(single) === wanted;
  const cell = placeOf(frame, tested);
  const leaves = anyOf(asUnion(value), (single) => boolConstant(!stays(single)));
  const others = boolConstant(!wanted);
  if (leaves.constant === true) leave(others);
  else if (leaves.constant === undefined) {
    low.branch(leaves.value, () => {
      low.refine(
        cell,
        partOf(value, (single) => (stays(single) ? undefined : single)),
      );
      leave(others);
    });
    low.refine(
      cell,
      partOf(value, (single) => (stays(single) ? single : undefined)),
    );
    // What an optional chain hangs on is there where the chain is.
    const root = rootOf(frame, tested);
    const present = partOf(value, (single) => (stays(single) && single.kind === 'nil' ? single : undefined));
    if (root !== undefined && present === undefined) low.refine(root, presentPart(low.read(root)));
  }
  return boolConstant(wanted);
}

function asUnion(value: Operand): Extract<Operand, { kind: 'union' }> {
  return value.kind === 'union'
    ? value
    : { kind: 'union', tag: { op: 'const', type: 'i32', value: 0 }, alternatives: [value] };
}

function rootOf(frame: Frame, node: Node): Cell | undefined {
  if (node.type !== 'ChainExpression') return undefined;
  let at: Node = node.expression;
  while (at.type === 'MemberExpression' || at.type === 'CallExpression') {
    at = at.type === 'MemberExpression' ? at.object : at.callee;
  }
  return frame.cellOf(at);
}
