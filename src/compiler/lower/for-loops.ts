// `while`, `do` and `for`; counters of `for` are integers where they can't be anything else.
import { type Node, type Of, walk } from '../parse/ast.js';
import { NotCompilable } from './builder.js';
import { comparison } from './compare.js';
import type { Exit } from './control.js';
import { evaluate } from './evaluate.js';
import { binary, i32 } from './ir.js';
import { looping, lowerLoop } from './loops.js';
import { inRep, number } from './numbers.js';
import type { Operand } from './operand.js';
import type { Frame } from './scope.js';
import { execute } from './statements.js';
import { whenTruthy } from './tests.js';

export function whileLoop(frame: Frame, node: Of<'WhileStatement'>, labels: readonly string[]): void {
  const { low } = frame;
  looping(frame, labels, node.body, {
    enter: (broken) => void whenTruthy(frame, node.test, () => low.jump(broken)),
  });
}

export function doWhileLoop(frame: Frame, node: Of<'DoWhileStatement'>, labels: readonly string[]): void {
  const { low } = frame;
  let leave: Exit | undefined;
  lowerLoop(low, {
    enter(broken) {
      leave = broken;
    },
    body(broken, continued) {
      frame.targets.push({ labels, breakable: true, broken, continued });
      try {
        execute(frame, node.body, []);
      } finally {
        frame.targets.pop();
      }
    },
    next: () => void whenTruthy(frame, node.test, () => low.jump(leave as Exit)),
  });
}

export function forLoop(frame: Frame, node: Of<'ForStatement'>, labels: readonly string[]): void {
  const { low } = frame;
  frame.inScope(() => {
    if (node.init?.type === 'VariableDeclaration') execute(frame, node.init, []);
    else if (node.init) evaluate(frame, node.init);
    if (!low.reachable) return;
    const undo = low.mark();
    const before = low.env?.copy();
    try {
      const counter = counterOf(frame, node);
      if (counter !== undefined && attempt(() => countedLoop(frame, node, labels, counter), NoCounter))
        return;
      undo();
      low.env = before?.copy();
      plainLoop(frame, node, labels);
    } catch (error) {
      // Elements of literals have to be told apart while compiling: turn by turn they can be.
      if (!(error instanceof NotCompilable)) throw error;
      undo();
      low.env = before;
      if (!turnByTurn(frame, node, labels)) throw error;
    }
  });
}

/** A counter's bound turned out to be no integer of 32 bits. */
class NoCounter extends Error {}

/** Whether something ends without throwing an error of a class. */
function attempt(run: () => void, expected: typeof NoCounter): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof expected) return false;
    throw error;
  }
}

function plainLoop(frame: Frame, node: Of<'ForStatement'>, labels: readonly string[]): void {
  const { low } = frame;
  looping(frame, labels, node.body, {
    enter(broken) {
      if (node.test) whenTruthy(frame, node.test, () => low.jump(broken));
    },
    next() {
      if (node.update) evaluate(frame, node.update);
    },
  });
}

function countedLoop(
  frame: Frame,
  node: Of<'ForStatement'>,
  labels: readonly string[],
  { enter, next }: Counter,
): void {
  looping(frame, labels, node.body, { enter, next });
}

/** A loop of a few turns, each lowered by itself. */
function turnByTurn(frame: Frame, node: Of<'ForStatement'>, labels: readonly string[]): boolean {
  const { low } = frame;
  let ended = false;
  low.block('break', (broken) => {
    for (let turns = 0; turns <= MAX_UNROLLED_TURNS && !ended; turns++) {
      let leaves = false;
      if (node.test)
        whenTruthy(frame, node.test, () => {
          leaves = true;
          low.jump(broken);
        });
      // Whether there is another turn has to be known.
      if (leaves && low.reachable) break;
      ended = !low.reachable;
      low.block('continue', (continued) => {
        frame.targets.push({ labels, breakable: true, broken, continued });
        try {
          frame.inScope(() => execute(frame, node.body, []));
        } finally {
          frame.targets.pop();
        }
        return undefined;
      });
      if (low.reachable && node.update) evaluate(frame, node.update);
      ended ||= !low.reachable;
    }
    return undefined;
  });
  return ended;
}

/** Loops of more turns are not lowered turn by turn. */
const MAX_UNROLLED_TURNS = 16;

interface Counter {
  enter(broken: Exit): void;
  next(): void;
}

/**
 * The counter of `for (let i = 0; i < n; i++)` where n is an integer of 32 bits: it can't get out of that range, so that
 * it is counted as one.
 */
function counterOf(frame: Frame, { init, test, update, body }: Of<'ForStatement'>): Counter | undefined {
  const { low } = frame;
  const declarator =
    init?.type === 'VariableDeclaration' && init.kind === 'let' ? init.declarations[0] : undefined;
  if (declarator?.id.type !== 'Identifier' || test?.type !== 'BinaryExpression' || !update) return undefined;
  const { id } = declarator;
  const binding = frame.bindingOf(id);
  const cell = frame.cellOf(id);
  const isCounter = (node: Node) => frame.bindingOf(node) === binding;
  const step = stepOf(update, isCounter);
  if (cell === undefined || step === undefined || !isCounter(test.left)) return undefined;
  const up = step > 0;
  if (test.operator !== (up ? '<' : '>') && test.operator !== (up ? '<=' : '>=')) return undefined;
  let assigned = false;
  walk(body, (at) => {
    if (at.type === 'AssignmentExpression' && mentions(at.left, isCounter)) assigned = true;
    if (at.type === 'UpdateExpression' && isCounter(at.argument)) assigned = true;
    if ((at.type === 'ForOfStatement' || at.type === 'ForInStatement') && mentions(at.left, isCounter))
      assigned = true;
  });
  walk(test.right, (at) => {
    if (at.type === 'AssignmentExpression' || at.type === 'UpdateExpression' || at.type === 'CallExpression')
      assigned = true;
  });
  const first = low.read(cell);
  if (assigned || first.kind !== 'number' || inRep(first, 'i32') === undefined) return undefined;
  const positive = (first.constant ?? -1) >= 0;
  const limit = limitOf(frame, test.right);
  const reaches = test.operator.endsWith('=') ? 1 : 0;
  if (limit === undefined || !staysInRange(limit, step, reaches)) return undefined;
  return {
    enter(broken) {
      const bound = evaluate(frame, test.right);
      const isBound = bound.kind === 'number' && inRep(bound, 'i32') !== undefined;
      if (!isBound || Math.abs(bound.constant ?? MAX_I32) > limit) throw new NoCounter();
      const more = comparison(low.builder, test.operator, low.read(cell), bound);
      if (more === undefined) throw new Error(`no comparison: ${test.operator}`);
      if (more.constant === false) low.jump(broken);
      else if (more.constant === undefined) {
        low.branch({ op: 'unary', code: 'i32.eqz', a: more.value }, () => low.jump(broken));
      }
      const i = low.reachable ? low.read(cell) : undefined;
      const below = up && positive && bound.constant !== undefined ? bound.constant + reaches : undefined;
      if (i?.kind === 'number' && i.constant === undefined && below !== undefined && below > 0)
        low.refine(cell, { ...i, below });
    },
    next() {
      const i = low.read(cell);
      const value = i.kind === 'number' ? inRep(i, 'i32') : undefined;
      if (value === undefined) throw new Error('a counter that is no integer');
      low.write(cell, number(binary('i32.add', value, i32(step)), 'i32'));
    },
  };
}

function mentions(node: Node, is: (node: Node) => boolean): boolean {
  let found = false;
  walk(node, (at) => {
    found ||= is(at);
  });
  return found;
}

/** By how much an update changes the counter: `i++`, `i += 2`. */
function stepOf(update: Node, isCounter: (node: Node) => boolean): number | undefined {
  if (update.type === 'UpdateExpression' && isCounter(update.argument))
    return update.operator === '++' ? 1 : -1;
  if (update.type !== 'AssignmentExpression' || !isCounter(update.left)) return undefined;
  const { right, operator } = update;
  if (right.type !== 'Literal' || typeof right.value !== 'number' || !Number.isInteger(right.value))
    return undefined;
  if (right.value < 1 || right.value > 65_536) return undefined;
  if (operator === '+=') return right.value;
  return operator === '-=' ? -right.value : undefined;
}

/** The greatest magnitude that a loop's bound can have, where it is an integer of 32 bits. */
function limitOf(frame: Frame, node: Node): number | undefined {
  const { low } = frame;
  const found: Operand[] = [];
  const undo = low.mark();
  const env = low.env?.copy();
  low.builder.collect(() => found.push(evaluate(frame, node)));
  const [bound] = found;
  undo();
  low.env = env;
  if (bound?.kind !== 'number' || inRep(bound, 'i32') === undefined) return undefined;
  return Math.abs(bound.constant ?? MAX_I32);
}

const MAX_I32 = 2 ** 31 - 1;

function staysInRange(limit: number, step: number, reaches: number): boolean {
  const most = limit + reaches - 1 + Math.abs(step);
  return most <= MAX_I32;
}
