// Control flow of the function being lowered: where paths part and meet, and what cells hold there.
//
// Every path has an environment of its own. Where paths meet, cells that differ get locals, which each path sets at its end.
import type { Builder } from './builder.js';
import { type Entry, Environment } from './environment.js';
import { conditional, negate } from './expressions.js';
import { type Expression, get, type Label, type Local, type Statement } from './ir.js';
import type { Cell, Operand, SingleOperand } from './operand.js';
import { type Arriving, type Assignment, sameOperand, shapeOf } from './shapes.js';

/** A path that leads to an exit. */
export interface Arrival {
  readonly env: Environment;
  readonly value: Operand | undefined;
  /** Adds statements to the end of the path. */
  append(statements: readonly Statement[]): void;
  /** The jump; undefined where the path ends at the exit by itself. */
  readonly jump: Jump | undefined;
}

/** A jump and what is set before it. Lists of statements are taken apart and joined, so it is one of its own. */
interface Jump {
  readonly statement: Statement;
  readonly body: Statement[];
}

/** A place that several paths lead to. */
export class Exit {
  readonly label: Label;
  readonly arrivals: Arrival[] = [];

  constructor(name: string) {
    this.label = { name };
  }
}

/** Merged literals, and the literals that they stand for on some path. */
export type Merges = Map<SingleOperand, Set<SingleOperand>>;

export class Control {
  /** What is known here; undefined where control can't be. */
  env: Environment | undefined = new Environment();
  readonly merges: Merges = new Map();
  private readonly undos: (() => void)[] = [];

  constructor(readonly builder: Builder) {}

  get reachable(): boolean {
    return this.env !== undefined;
  }

  /** Ends the path at an exit. */
  jump(exit: Exit, value?: Operand): void {
    if (this.env === undefined) return;
    const body: Statement[] = [{ op: 'break', label: exit.label }];
    const statement: Statement = { op: 'block', label: { name: 'jump' }, body };
    this.builder.add(statement);
    const arrival: Arrival = {
      env: this.env,
      value,
      jump: { statement, body },
      append: (statements) => body.splice(body.length - 1, 0, ...statements),
    };
    exit.arrivals.push(arrival);
    this.undoing(() => exit.arrivals.splice(exit.arrivals.indexOf(arrival), 1));
    this.env = undefined;
  }

  /** Notes how something is undone that reaches out of what may be lowered again. */
  undoing(undo: () => void): void {
    this.undos.push(undo);
  }

  /** A point to come back to: what it returns takes back all that was noted since. */
  mark(): () => void {
    const at = this.undos.length;
    return () => {
      while (this.undos.length > at) this.undos.pop()?.();
    };
  }

  /** Runs `taken`, which must not come back, where a condition holds. */
  branch(condition: Expression, taken: () => void): void {
    if (this.env === undefined) return;
    if (condition.op === 'const') {
      if (condition.value) taken();
      return;
    }
    const staying = this.env;
    this.env = staying.copy();
    const list = this.builder.collect(taken);
    this.builder.when(condition, list);
    this.env = staying;
  }

  /** A block that is left by jumps to its exit, or at its end; what arrives is joined. */
  block(name: string, build: (exit: Exit) => Operand | undefined): Operand | undefined {
    const exit = new Exit(name);
    let value: Operand | undefined;
    const list = this.builder.collect(() => {
      value = build(exit);
    });
    return this.close(exit, list, value);
  }

  /** Puts a block where an exit's label is known, and goes on behind it. */
  close(exit: Exit, list: Statement[], value: Operand | undefined): Operand | undefined {
    if (this.env !== undefined) {
      exit.arrivals.push({ env: this.env, value, jump: undefined, append: (more) => list.push(...more) });
    }
    const last = list.at(-1);
    const trailing = exit.arrivals.find(
      (arrival) => arrival.jump !== undefined && arrival.jump.statement === last,
    );
    const joined = this.meet(exit.arrivals);
    trailing?.jump?.body.pop();
    const jumps = exit.arrivals.some((arrival) => arrival.jump !== undefined && arrival !== trailing);
    if (jumps) this.builder.add({ op: 'block', label: exit.label, body: list });
    else for (const statement of list) this.builder.add(statement);
    return joined;
  }

  /**
   * Two ways that meet again. `test` falls through where the first is to be taken, else jumps to the exit that it is
   * given; the value that it jumps with is given to the second.
   */
  either(
    test: (otherwise: Exit) => void,
    consequent: () => Operand | undefined,
    alternate: (value: Operand | undefined) => Operand | undefined,
  ): Operand | undefined {
    if (this.env === undefined) return undefined;
    const { builder } = this;
    const otherwise = new Exit('else');
    const head = builder.collect(() => test(otherwise));
    let a: Operand | undefined;
    const first = builder.collect(() => {
      if (this.env !== undefined) a = consequent();
    });
    const envA = this.env;
    const given = this.meet(otherwise.arrivals);
    let b: Operand | undefined;
    const second = builder.collect(() => {
      if (this.env !== undefined) b = alternate(given);
    });
    const envB = this.env as Environment | undefined;

    const arrivals: Arrival[] = [];
    if (envA) arrivals.push({ env: envA, value: a, jump: undefined, append: (more) => first.push(...more) });
    if (envB) arrivals.push({ env: envB, value: b, jump: undefined, append: (more) => second.push(...more) });
    const guards = guardsOf(head, otherwise);
    if (guards !== undefined && guards.length > 0 && envA && envB && first.length + second.length === 0) {
      return this.meet(
        arrivals,
        guards.map(negate).reduce((all, one) => conditional('i32', all, one, FALSE)),
      );
    }
    const value = this.meet(arrivals);
    this.putEither(otherwise, head, first, second, envA !== undefined);
    return value;
  }

  private putEither(
    otherwise: Exit,
    head: Statement[],
    first: Statement[],
    second: Statement[],
    meets: boolean,
  ): void {
    const { builder } = this;
    const put = (list: readonly Statement[]) => {
      for (const statement of list) builder.add(statement);
    };
    if (otherwise.arrivals.length === 0) {
      put([...head, ...first]);
      return;
    }
    const [only] = otherwise.arrivals;
    const last = head.at(-1);
    if (otherwise.arrivals.length === 1 && last !== undefined && last === only?.jump?.statement) {
      only.jump.body.pop();
      put([...head, ...second]);
      return;
    }
    if (
      otherwise.arrivals.length === 1 &&
      last?.op === 'if' &&
      last.alternate.length === 0 &&
      last.consequent.at(-1) === only?.jump?.statement
    ) {
      head.pop();
      only?.jump?.body.pop();
      put(head);
      const other = [...last.consequent, ...second];
      if (first.length === 0) builder.when(last.condition, other);
      else builder.when(negate(last.condition), first, other);
      return;
    }
    if (second.length === 0) {
      builder.add({ op: 'block', label: otherwise.label, body: [...head, ...first] });
      return;
    }
    const inner: Statement[] = [...head, ...first];
    if (!meets) {
      builder.add({ op: 'block', label: otherwise.label, body: inner });
      put(second);
      return;
    }
    const end: Label = { name: 'end' };
    inner.push({ op: 'break', label: end });
    builder.add({
      op: 'block',
      label: end,
      body: [{ op: 'block', label: otherwise.label, body: inner }, ...second],
    });
  }

  /**
   * Joins what arrives, and goes on from there.
   *
   * @param condition With two arrivals that nothing was added for: whether it is the first.
   * @returns The joined value, if all bring one.
   */
  meet(arrivals: readonly Arrival[], condition?: Expression): Operand | undefined {
    const [only] = arrivals;
    if (only === undefined) {
      this.env = undefined;
      return undefined;
    }
    if (arrivals.length === 1) {
      this.env = only.env;
      return only.value;
    }
    const env = new Environment();
    const assignments = arrivals.map((): Assignment[] => []);
    const maker = {
      cell: (name: string, operand: Operand): Cell => {
        const cell = { name };
        env.cells.set(cell, { operand });
        return cell;
      },
      merged: (into: SingleOperand, from: SingleOperand) => this.merged(into, from),
      fresh: false,
    };
    const join = (arriving: readonly (Arriving | undefined)[], name: string): Operand => {
      const there = arriving.filter((one) => one !== undefined);
      const shape = shapeOf(there, name, maker);
      arriving.forEach((one, i) => {
        if (one !== undefined) assignments[i]?.push(...(shape.put(one) as Assignment[]));
      });
      return shape.operand;
    };
    let value: Operand | undefined;
    if (arrivals.every((arrival) => arrival.value !== undefined)) {
      value = join(
        arrivals.map(({ value, env }) => ({ operand: value as Operand, env })),
        'value',
      );
    }
    const cells = new Set(arrivals.flatMap((arrival) => [...arrival.env.cells.keys()]));
    for (const cell of cells) {
      const entries = arrivals.map((arrival) => arrival.env.cells.get(cell));
      const common = commonEntry(entries.filter((entry) => entry !== undefined));
      if (common !== undefined) env.cells.set(cell, common);
      else {
        const operand =
          cell.canonical?.() ??
          join(
            entries.map((entry, i) => entry && { operand: entry.operand, env: (arrivals[i] as Arrival).env }),
            cell.name,
          );
        env.cells.set(cell, { operand });
      }
    }
    this.joinMemory(arrivals, env, join);
    this.env = env;
    if (condition !== undefined) this.choose(condition, assignments[0] ?? [], assignments[1] ?? []);
    else for (const [i, arrival] of arrivals.entries()) arrival.append(parallel(assignments[i] ?? []));
    return value;
  }

  /** What is known of memory on all paths. */
  private joinMemory(
    arrivals: readonly Arrival[],
    env: Environment,
    join: (arriving: readonly Arriving[], name: string) => Operand,
  ): void {
    const [first, ...rest] = arrivals as readonly [Arrival, ...Arrival[]];
    for (const [key, field] of first.env.memory.entries()) {
      const others = rest.map((arrival) => arrival.env.memory.find(key));
      if (!others.every((other) => other !== undefined)) continue;
      const operands = [field, ...others].map(({ operand }) => operand);
      const same = operands.every((operand) => sameOperand(operand, field.operand));
      const operand = same
        ? field.operand
        : join(
            operands.map((one, i) => ({ operand: one, env: (arrivals[i] as Arrival).env })),
            'field',
          );
      env.memory.putField(key, { ...field, operand });
    }
  }

  /** Sets locals to one of two values. */
  private choose(condition: Expression, yes: readonly Assignment[], no: readonly Assignment[]): void {
    const others = new Map(no);
    const both = yes.filter(([to]) => others.has(to));
    const pinned = both.length > 1 ? this.builder.pin(condition, 'chosen') : condition;
    for (const [to, a] of yes) {
      const b = others.get(to);
      others.delete(to);
      this.builder.set(to, b === undefined ? a : conditional(to.type, pinned, a, b));
    }
    for (const [to, b] of others) this.builder.set(to, b);
  }

  merged(into: SingleOperand, from: SingleOperand): void {
    const originals = this.merges.get(into);
    if (originals === undefined) this.merges.set(into, new Set([from]));
    else originals.add(from);
  }
}

const FALSE: Expression = { op: 'const', type: 'i32', value: 0 };

/** The conditions of a test that has no effects but to jump to an exit. */
function guardsOf(head: readonly Statement[], exit: Exit): Expression[] | undefined {
  const guards: Expression[] = [];
  for (const statement of head) {
    if (statement.op !== 'if' || statement.alternate.length > 0 || statement.consequent.length !== 1)
      return undefined;
    const [only] = statement.consequent;
    if (!exit.arrivals.some(({ jump }) => jump?.statement === only && jump?.body.length === 1))
      return undefined;
    guards.push(statement.condition);
  }
  return guards;
}

/** What cells hold on all paths, if that is the same, or was before tests told more. */
function commonEntry(entries: readonly Entry[]): Entry | undefined {
  const [first, ...rest] = entries;
  for (let at: Entry | undefined = first; at !== undefined; at = at.wider) {
    const { operand } = at;
    if (rest.every((entry) => holds(entry, operand))) return at;
  }
  return undefined;
}

function holds(entry: Entry, operand: Operand): boolean {
  for (let at: Entry | undefined = entry; at !== undefined; at = at.wider)
    if (sameOperand(at.operand, operand)) return true;
  return false;
}

/** Assignments that happen at once: what one of them overwrites, another may read. */
export function parallel(assignments: readonly Assignment[]): Statement[] {
  const first: Statement[] = [];
  const then: Statement[] = [];
  const written = new Set<Local>();
  for (const [to, value] of assignments) {
    if (value.op === 'get' && value.of === to) continue;
    if (written.size > 0 && reads(value, written)) {
      const saved: Local = { kind: 'local', type: to.type, name: `${to.name}.next` };
      first.push({ op: 'set', to: saved, value });
      then.push({ op: 'set', to, value: get(saved) });
    } else then.push({ op: 'set', to, value });
    written.add(to);
  }
  return [...first, ...then];
}

function reads(e: Expression, locals: ReadonlySet<Local>): boolean {
  switch (e.op) {
    case 'get':
      return e.of.kind === 'local' && locals.has(e.of);
    case 'unary':
      return reads(e.a, locals);
    case 'binary':
      return reads(e.a, locals) || reads(e.b, locals);
    case 'select':
    case 'choose':
      return reads(e.condition, locals) || reads(e.a, locals) || reads(e.b, locals);
    case 'load':
      return reads(e.address, locals);
    case 'call':
      return e.args.some((arg) => reads(arg, locals));
    case 'const':
      return false;
  }
}
