// Loops. What cells hold at a loop's head is joined from before it and from its end, which is known only once its body has
// been lowered: the body is lowered again, with locals for what had changed, until nothing more does.
import { type Node, type Of, walk } from '../parse/ast.js';
import { NotCompilable } from './builder.js';
import { comparison } from './compare.js';
import { Exit, parallel } from './control.js';
import { type Entry, Environment } from './environment.js';
import { evaluate } from './evaluate.js';
import { elementBy, operandAt } from './fields.js';
import { binary, get, i32, type Label, type Statement } from './ir.js';
import { allElements } from './literals.js';
import type { Lowering } from './lowering.js';
import { fieldNames } from './members.js';
import { inRep, number, numberBelow } from './numbers.js';
import type { Cell, Operand, SingleOperand } from './operand.js';
import { textConstant } from './operators.js';
import { bind } from './patterns.js';
import { describeOperand, refuse } from './reasons.js';
import type { Frame } from './scope.js';
import { type Arriving, type Assignment, type Shape, sameOperand, shapeOf } from './shapes.js';
import { execute } from './statements.js';
import { whenTruthy } from './tests.js';

/** What a loop consists of. */
export interface LoopParts {
  /** At its head: jumps to the exit where there is no more turn. */
  enter?(broken: Exit): void;
  body(broken: Exit, continued: Exit): void;
  /** After the body, and after `continue`. */
  next?(): void;
}

/** Bodies are lowered this often at most; every cell can change its kind a few times only. */
const MAX_ATTEMPTS = 12;

export function lowerLoop(low: Lowering, parts: LoopParts): void {
  const before = low.env;
  if (before === undefined) return;
  const seen = new Map<Cell, Arriving[]>();
  let memory = before.memory;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const undo = low.mark();
    const { env: head, shapes } = headOf(low, before, seen, memory);
    low.env = head.copy();
    const broken = new Exit('break');
    const label: Label = { name: 'loop' };
    const list = low.builder.collect(() => turn(low, parts, broken));
    const end = low.env as Environment | undefined;
    const back = end === undefined ? [] : backTo(head, end, shapes, seen, before);
    if (end !== undefined) {
      const kept = memory.copy();
      kept.keep((key, operand) => {
        const other = end.memory.find(key);
        return other !== undefined && sameOperand(other.operand, operand);
      });
      const forgets = kept.size < memory.size;
      memory = kept;
      if (back === undefined || forgets) {
        undo();
        continue;
      }
    }
    const initial = [...shapes].flatMap(([cell, shape]) => shape.put(arriving(before, cell)) as Assignment[]);
    if (end !== undefined) list.push(...parallel(back ?? []), { op: 'break', label });
    low.env = undefined;
    const body: Statement[] = [...parallel(initial), { op: 'loop', label, body: list }];
    // Without a way back it is a block.
    low.close(broken, end === undefined ? [...parallel(initial), ...list] : body, undefined);
    return;
  }
  refuse('what variables hold in a loop does not settle');
}

function turn(low: Lowering, parts: LoopParts, broken: Exit): void {
  parts.enter?.(broken);
  const continued = new Exit('continue');
  const list = low.builder.collect(() => {
    if (low.reachable) parts.body(broken, continued);
  });
  low.close(continued, list, undefined);
  if (low.reachable) parts.next?.();
}

const arriving = (env: Environment, cell: Cell): Arriving => ({
  operand: (env.cells.get(cell) as Entry).operand,
  env,
});

/** What is known at the head: cells that change have locals. */
function headOf(
  low: Lowering,
  before: Environment,
  seen: ReadonlyMap<Cell, readonly Arriving[]>,
  memory: Environment['memory'],
): { env: Environment; shapes: Map<Cell, Shape> } {
  const env = new Environment(new Map(before.cells), memory.copy());
  const maker = {
    cell: (name: string, operand: Operand): Cell => {
      const cell = { name };
      env.cells.set(cell, { operand });
      return cell;
    },
    merged: (into: SingleOperand, from: SingleOperand) => low.merged(into, from),
    fresh: true,
  };
  const shapes = new Map<Cell, Shape>();
  for (const [cell, all] of seen) {
    if (cell.canonical !== undefined) {
      env.cells.set(cell, { operand: cell.canonical() });
      continue;
    }
    const shape = shapeOf(all, cell.name, maker);
    shapes.set(cell, shape);
    env.cells.set(cell, { operand: shape.operand });
  }
  return { env, shapes };
}

/**
 * What the end of a turn assigns for the next one.
 *
 * @returns Undefined where a cell holds something there that its shape doesn't fit; that is then among `seen`.
 */
function backTo(
  head: Environment,
  end: Environment,
  shapes: ReadonlyMap<Cell, Shape>,
  seen: Map<Cell, Arriving[]>,
  before: Environment,
): Assignment[] | undefined {
  const assignments: Assignment[] = [];
  let fits = true;
  for (const cell of before.cells.keys()) {
    const at = arriving(end, cell);
    const shape = shapes.get(cell);
    const own = shape?.put(at);
    if (own !== undefined) {
      assignments.push(...own);
      continue;
    }
    const held = head.cells.get(cell) as Entry;
    if (shape === undefined && holds(end.cells.get(cell), held.operand)) continue;
    if (cell.canonical !== undefined && seen.has(cell)) continue;
    fits = false;
    const all = seen.get(cell);
    if (all === undefined) seen.set(cell, [arriving(before, cell), at]);
    else all.push(at);
  }
  return fits ? assignments : undefined;
}

function holds(entry: Entry | undefined, operand: Operand): boolean {
  for (let at = entry; at !== undefined; at = at.wider) if (sameOperand(at.operand, operand)) return true;
  return false;
}

// --- statements

function looping(
  frame: Frame,
  labels: readonly string[],
  node: Node,
  parts: Omit<LoopParts, 'body'> & { body?: (broken: Exit) => void },
): void {
  lowerLoop(frame.low, {
    ...parts,
    body(broken, continued) {
      frame.targets.push({ labels, breakable: true, broken, continued });
      try {
        frame.inScope(() =>
          parts.body === undefined ? execute(frame, node as never, []) : parts.body(broken),
        );
      } finally {
        frame.targets.pop();
      }
    },
  });
}

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

export function forOfLoop(frame: Frame, node: Of<'ForOfStatement'>, labels: readonly string[]): void {
  const { low } = frame;
  if (node.await) refuse('`for await` waits');
  const over = low.pinned(evaluate(frame, node.right), 'over');
  if (!low.reachable) return;
  const declares = node.left.type === 'VariableDeclaration';
  const left = node.left.type === 'VariableDeclaration' ? (node.left.declarations[0]?.id as Node) : node.left;
  iterate(low, over, labels, frame, (element) => {
    bind(frame, left, element, declares);
    if (low.reachable) execute(frame, node.body, []);
  });
}

/** `for (const name in record)`: a turn for each field. */
export function forInLoop(frame: Frame, node: Of<'ForInStatement'>, labels: readonly string[]): void {
  const { low } = frame;
  const over = low.pinned(evaluate(frame, node.right), 'over');
  if (!low.reachable) return;
  const names = over.kind === 'union' ? undefined : fieldNames(over);
  if (names === undefined) {
    refuse(`\`for … in\` goes over ${describeOperand(over)}`);
    return;
  }
  const left = node.left.type === 'VariableDeclaration' ? (node.left.declarations[0]?.id as Node) : node.left;
  unrolled(
    frame,
    labels,
    names.map((name) => textConstant(low, name)),
    (name) => {
      bind(frame, left, name, node.left.type === 'VariableDeclaration');
      if (low.reachable) execute(frame, node.body, []);
    },
  );
}

/** Literals and tables up to this length are gone over turn by turn. */
const MAX_TURNS = 32;

/** Runs `body` for each element of an array. */
export function iterate(
  low: Lowering,
  over: Operand,
  labels: readonly string[],
  frame: Frame,
  body: (element: Operand, index: Operand) => void,
): void {
  if (over.kind === 'array') {
    const { length } = over.type;
    const i = low.builder.variable('i32', 'i');
    low.builder.set(i, i32(0));
    looping(frame, labels, frame.fn, {
      enter: (broken) => low.branch(binary('i32.ge_u', get(i), i32(length)), () => low.jump(broken)),
      body: () =>
        body(
          operandAt(low, elementBy(low, over, get(i))),
          numberBelow(length, low.builder.pin(get(i), 'index')),
        ),
      next: () => low.builder.set(i, binary('i32.add', get(i), i32(1))),
    });
    return;
  }
  const elements = allElements(low, over);
  if (elements === undefined) refuse(`a loop goes over ${describeOperand(over)}`);
  else unrolled(frame, labels, elements, body);
}

function unrolled(
  frame: Frame,
  labels: readonly string[],
  elements: readonly Operand[],
  body: (element: Operand, index: Operand) => void,
): void {
  const { low } = frame;
  if (elements.length > MAX_TURNS) refuse('a loop goes over a long literal or table');
  low.block('break', (broken) => {
    elements.forEach((element, i) => {
      low.block('continue', (continued) => {
        frame.targets.push({ labels, breakable: true, broken, continued });
        try {
          frame.inScope(() => body(element, number(i32(i), 'i32')));
        } finally {
          frame.targets.pop();
        }
        return undefined;
      });
    });
    return undefined;
  });
}
