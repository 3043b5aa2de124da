// The lowering of one function of the module: cells, memory and failures, on top of control flow.
import { type ScalarName, scalars, sizeOf } from '../../schema/index.js';
import type { Node } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import type { Builder } from './builder.js';
import { copyBytes } from './bytes.js';
import type { Address, LowerContext, ModuleParts } from './context.js';
import { Control } from './control.js';
import { Environment, sameExpression } from './environment.js';
import { negate } from './expressions.js';
import type { FailureSites } from './failure-sites.js';
import type { FailureKind } from './failures.js';
import type { Expression } from './ir.js';
import { canBeWritten } from './merges.js';
import type { Cell, Operand, RecordOperand, SingleOperand } from './operand.js';
import { refuse } from './reasons.js';
import { heldAfter, loadScalar, rawOf, storeRaw } from './scalars.js';
import { falsyPart, isNil, nilPart, presentPart, tagIn, truth, truthyPart } from './truth.js';

/** Memory that is apart from all other: the input, the state of an operator, a scratch record. */
export interface Region {
  readonly name: string;
}

/** The step that is being lowered. */
export interface StepPlace {
  readonly stage: number;
  /** The operator's place in its stage. */
  readonly operator: number;
  /** Adds what leaves the step after a failure. */
  leave(builder: Builder): void;
}

/** Jumps away with a value; control does not come back. */
export type Leave = (value: Operand) => void;

/** How deep calls may be inlined into each other. */
const MAX_DEPTH = 64;

export class Lowering extends Control implements LowerContext {
  step: StepPlace | undefined;
  /** What is being lowered, for messages. */
  source: ParsedFunction | undefined;
  node: Node | undefined;
  /** Calls that are being inlined, innermost last. */
  private calls: Node[] = [];
  private readonly regions = new WeakMap<object, Region>();

  constructor(
    readonly module: ModuleParts,
    builder: Builder,
    readonly failures: FailureSites,
  ) {
    super(builder);
  }

  // --- cells

  cell(name: string, value: Operand): Cell {
    const cell = { name };
    this.write(cell, value);
    return cell;
  }

  read(cell: Cell): Operand {
    const entry = this.env?.cells.get(cell);
    if (entry === undefined) return refuse(`${cell.name} is used before it has a value`);
    return entry.operand;
  }

  write(cell: Cell, value: Operand): void {
    this.env?.cells.set(cell, { operand: this.pinned(value, cell.name) });
  }

  /** Assigns to a field of a literal, or an element. */
  writeField(of: SingleOperand, cell: Cell, value: Operand): void {
    if (this.merges.size > 0 && this.env !== undefined && !canBeWritten(of, this.env, this.merges))
      refuse('a literal is changed that is one of several by then');
    this.write(cell, value);
  }

  /** What a test told of a cell. */
  refine(cell: Cell | undefined, operand: Operand | undefined): void {
    const entry = cell && this.env?.cells.get(cell);
    if (cell === undefined || entry === undefined || operand === undefined) return;
    this.env?.cells.set(cell, { operand, wider: entry });
  }

  /** An operand whose expressions are locals, so that it can be used more than once. */
  pinned<T extends Operand>(operand: T, name: string): T;
  pinned(operand: Operand, name: string): Operand {
    switch (operand.kind) {
      case 'number':
      case 'bool':
      case 'bigint':
      case 'text':
        return isSimple(operand.value, this.builder)
          ? operand
          : { ...operand, value: this.builder.pin(operand.value, name) };
      case 'record':
      case 'array': {
        const address = this.pinAddress(operand.address, name);
        return address === operand.address ? operand : { ...operand, address };
      }
      case 'union': {
        const tag = isSimple(operand.tag, this.builder)
          ? operand.tag
          : this.builder.pin(operand.tag, `${name}.kind`);
        const alternatives = operand.alternatives.map((alternative) => this.pinned(alternative, name));
        const same =
          tag === operand.tag &&
          alternatives.every((alternative, i) => alternative === operand.alternatives[i]);
        return same ? operand : { ...operand, tag, alternatives };
      }
      default:
        return operand;
    }
  }

  /** Lets a cell hold a value as it is. */
  hold(cell: Cell, value: Operand): void {
    this.env?.cells.set(cell, { operand: value });
  }

  /** Lowers what sees nothing of the cells here but those of one operand. */
  isolated(seen: Operand, lower: () => void): void {
    const outer = this.env;
    if (outer === undefined) return;
    const { calls } = this;
    const inner = new Environment(new Map(), outer.memory);
    keep(seen, outer, inner);
    this.env = inner;
    this.calls = [];
    try {
      lower();
    } finally {
      this.calls = calls;
    }
    const after = this.env as Environment | undefined;
    this.env = after && new Environment(outer.cells, after.memory);
  }

  // --- tests

  /** Goes on where an operand is truthy, with what it is then; else leaves. `cell` holds it. */
  requireTruthy(operand: Operand, leave: Leave, cell?: Cell): Operand {
    return this.require(
      operand,
      leave,
      cell,
      (value) => truth(value).constant,
      truthyPart,
      falsyPart,
      (value) => negate(truth(value).value),
    );
  }

  requireFalsy(operand: Operand, leave: Leave, cell?: Cell): Operand {
    return this.require(
      operand,
      leave,
      cell,
      (value) => {
        const { constant } = truth(value);
        return constant === undefined ? undefined : !constant;
      },
      falsyPart,
      truthyPart,
      (value) => truth(value).value,
    );
  }

  /** Goes on where an operand is neither null nor undefined. */
  requirePresent(operand: Operand, leave: Leave, cell?: Cell): Operand {
    return this.require(
      operand,
      leave,
      cell,
      (value) => {
        const { constant } = isNil(value);
        return constant === undefined ? undefined : !constant;
      },
      presentPart,
      nilPart,
      (value) => isNil(value).value,
    );
  }

  private require(
    operand: Operand,
    leave: Leave,
    cell: Cell | undefined,
    known: (value: Operand) => boolean | undefined,
    staying: (value: Operand) => Operand | undefined,
    leaving: (value: Operand) => Operand | undefined,
    leaves: (value: Operand) => Expression,
  ): Operand {
    if (this.env === undefined) return operand;
    const constant = known(operand);
    if (constant === true) return operand;
    if (constant === false) {
      leave(operand);
      return operand;
    }
    // A truth value is a constant on both ways.
    const value = operand.kind === 'bool' ? operand : this.pinned(operand, 'value');
    const stays = staying(value) ?? value;
    const other = leaving(value) ?? value;
    this.branch(leaves(value), () => {
      this.refine(cell, other);
      leave(other);
    });
    this.refine(cell, stays);
    return stays;
  }

  /** What an operation makes of an operand, for each thing that it may be. */
  each(operand: Operand, operation: (single: SingleOperand) => Operand): Operand {
    if (operand.kind !== 'union') return operation(operand);
    const union = this.pinned(operand, 'value');
    const last = union.alternatives.length - 1;
    return (
      this.block('one', (exit) => {
        union.alternatives.forEach((alternative, i) => {
          if (i === last) return;
          this.branch(tagIn(union, (tag) => tag === i).value, () => {
            const value = operation(alternative);
            this.jump(exit, value);
          });
        });
        return operation(union.alternatives[last] as SingleOperand);
      }) ?? operand
    );
  }

  // --- memory

  load(type: ScalarName, at: Address): SingleOperand {
    const known = this.env?.memory.get(at.address, at.offset, type);
    if (known !== undefined && known.kind !== 'union') return known;
    const operand = loadScalar(this.builder, type, at);
    this.note(type, at, operand);
    return operand;
  }

  /** A load whatever is known. */
  loadAnew(type: ScalarName, at: Address): SingleOperand {
    return loadScalar(this.builder, type, at);
  }

  store(type: ScalarName, at: Address, operand: Operand): void {
    const raw = this.builder.pin(rawOf(this.builder, type, operand), type);
    storeRaw(this.builder, type, at, raw);
    this.forget(at, sizeOf(scalars[type]));
    const held = this.pinned(heldAfter(this.builder, type, operand, raw), type);
    this.note(type, at, held);
  }

  copy(to: Address, from: Address, bytes: number): void {
    copyBytes(this.builder, to, from, bytes);
    this.forget(to, bytes);
    this.env?.memory.move(to, from, bytes);
  }

  private note(type: ScalarName, { address, offset }: Address, operand: Operand): void {
    this.env?.memory.put(address, offset, offset + sizeOf(scalars[type]), type, operand);
  }

  /** Forgets what was known of bytes that were overwritten. */
  forget(at: Address, bytes: number): void {
    const region = this.regionOf(at.address);
    this.env?.memory.forget(
      (base) => {
        if (sameExpression(base, at.address)) return 'same';
        const other = this.regionOf(base);
        return region === undefined || other === undefined || region === other;
      },
      at.offset,
      at.offset + bytes,
    );
  }

  /** Forgets all that was known of memory. */
  forgetAll(): void {
    if (this.env !== undefined) this.env = new Environment(this.env.cells);
  }

  /** Says which memory an address is of. */
  setRegion(address: Expression, region: Region): void {
    if (address.op === 'get') this.regions.set(address.of, region);
  }

  regionOf(e: Expression): Region | undefined {
    switch (e.op) {
      case 'get':
        return this.regions.get(e.of);
      case 'binary':
        return this.regionOf(e.a) ?? this.regionOf(e.b);
      default:
        return undefined;
    }
  }

  /** An address as a local that doesn't change. */
  pinAddress(address: Expression, name: string): Expression {
    if (isSimple(address, this.builder)) return address;
    const region = this.regionOf(address);
    const pinned = this.builder.pin(address, name);
    if (region !== undefined) this.setRegion(pinned, region);
    return pinned;
  }

  /** A record at an address. */
  record(struct: RecordOperand['struct'], at: Address): RecordOperand {
    return { kind: 'record', struct, address: at.address, offset: at.offset };
  }

  // --- failures

  fail(kind: FailureKind, ...details: Expression[]): void {
    this.failures.leave(this, { kind }, details);
  }

  /** Throws an error of the code. */
  throwError(errorClass: string, message: string): void {
    this.failures.leave(this, { kind: 'throw', errorClass, message }, []);
    this.env = undefined;
  }

  /** Notes that a call is inlined. */
  enter(node: Node): void {
    if (this.calls.length >= MAX_DEPTH) refuse('calls are nested too deep');
    const own = this.calls.filter((call) => call === node).length;
    if (own >= 3) refuse('a function calls itself');
    this.calls.push(node);
  }

  leaveCall(): void {
    this.calls.pop();
  }
}

/** Takes the cells of an operand along. */
function keep(operand: Operand, from: Environment, to: Environment): void {
  const cells =
    operand.kind === 'object' ? operand.fields.values() : operand.kind === 'tuple' ? operand.elements : [];
  if (operand.kind === 'union') for (const alternative of operand.alternatives) keep(alternative, from, to);
  for (const cell of cells) {
    const entry = from.cells.get(cell);
    if (entry === undefined || to.cells.has(cell)) continue;
    to.cells.set(cell, entry);
    keep(entry.operand, from, to);
  }
}

/** Whether an expression may be written out several times: a constant, a local that stays, or that in another type. */
function isSimple(e: Expression, builder: Builder): boolean {
  if (e.op === 'const') return true;
  if (e.op === 'get') return e.of.kind === 'global' ? !e.of.mutable : !builder.varies.has(e.of);
  return e.op === 'unary' && /convert|promote|extend/.test(e.code) && isSimple(e.a, builder);
}
