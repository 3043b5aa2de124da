// Loops. What cells hold at a loop's head is joined from before it and from its end, which is known only once its body has
// been lowered: the body is lowered again, with locals for what had changed, until nothing more does.
import type { Node } from '../parse/ast.js';
import { Exit, parallel } from './control.js';
import { type Entry, Environment } from './environment.js';
import type { Label, Statement } from './ir.js';
import type { Lowering } from './lowering.js';
import type { Cell, Operand, SingleOperand } from './operand.js';
import { refuse } from './reasons.js';
import type { Frame } from './scope.js';
import { type Arriving, type Assignment, type Shape, sameOperand, shapeOf } from './shapes.js';
import { execute } from './statements.js';

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

/** A loop of the code, whose body `break` and `continue` refer to. */
export function looping(
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
