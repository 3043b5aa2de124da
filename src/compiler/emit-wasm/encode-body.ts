// Encodes the statements and expressions of one function.
import {
  type Callee,
  type Expression,
  type Global,
  type Label,
  type LoadOp,
  type Local,
  type Statement,
  type StoreOp,
  typeOf,
  type ValueType,
} from '../lower/ir.js';
import type { Bytes } from './bytes.js';
import { MEMORY_COPY, NONE, OPCODES, Op, type Opcode, PREFIX, PREFIXED, TYPES } from './opcodes.js';

/** The numbers of what functions share. */
export interface Numbers {
  readonly functions: ReadonlyMap<Callee, number>;
  readonly globals: ReadonlyMap<Global, number>;
}

export class BodyEncoder {
  /** Labels around, innermost last; undefined for an `if`, which nothing breaks out of. */
  private readonly labels: (Label | undefined)[] = [];

  constructor(
    private readonly bytes: Bytes,
    private readonly numbers: Numbers,
    private readonly locals: ReadonlyMap<Local, number>,
  ) {}

  statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement);
  }

  private statement(statement: Statement): void {
    const { bytes } = this;
    switch (statement.op) {
      case 'set':
        this.expression(statement.value);
        if (statement.to.kind === 'local') bytes.byte(Op.LOCAL_SET).unsigned(this.local(statement.to));
        else bytes.byte(Op.GLOBAL_SET).unsigned(this.global(statement.to));
        return;
      case 'store':
        this.expression(statement.address);
        this.expression(statement.value);
        this.access(statement.code, statement.offset);
        return;
      case 'run':
        this.expression(statement.call);
        if (typeOf(statement.call) !== undefined) bytes.byte(Op.DROP);
        return;
      case 'if':
        this.expression(statement.condition);
        bytes.byte(Op.IF).byte(NONE);
        this.within(undefined, () => {
          this.statements(statement.consequent);
          if (statement.alternate.length > 0) {
            bytes.byte(Op.ELSE);
            this.statements(statement.alternate);
          }
        });
        return;
      case 'block':
      case 'loop':
        bytes.byte(statement.op === 'block' ? Op.BLOCK : Op.LOOP).byte(NONE);
        this.within(statement.label, () => this.statements(statement.body));
        return;
      case 'break':
        if (statement.condition !== undefined) this.expression(statement.condition);
        bytes
          .byte(statement.condition === undefined ? Op.BR : Op.BR_IF)
          .unsigned(this.depth(statement.label));
        return;
      case 'copy':
        this.expression(statement.to);
        this.expression(statement.from);
        this.expression(statement.bytes);
        bytes.byte(PREFIX).unsigned(MEMORY_COPY).byte(0).byte(0);
        return;
      case 'return':
        if (statement.value !== undefined) this.expression(statement.value);
        bytes.byte(Op.RETURN);
        return;
      case 'unreachable':
        bytes.byte(Op.UNREACHABLE);
        return;
      case 'comment':
        return;
    }
  }

  private expression(expression: Expression): void {
    const { bytes } = this;
    switch (expression.op) {
      case 'const':
        putConstant(bytes, expression.type, expression.value);
        return;
      case 'get':
        if (expression.of.kind === 'local') bytes.byte(Op.LOCAL_GET).unsigned(this.local(expression.of));
        else bytes.byte(Op.GLOBAL_GET).unsigned(this.global(expression.of));
        return;
      case 'unary':
        this.expression(expression.a);
        this.operation(expression.code);
        return;
      case 'binary':
        this.expression(expression.a);
        this.expression(expression.b);
        this.operation(expression.code);
        return;
      case 'select':
        this.expression(expression.a);
        this.expression(expression.b);
        this.expression(expression.condition);
        bytes.byte(Op.SELECT);
        return;
      case 'choose':
        this.expression(expression.condition);
        bytes.byte(Op.IF).byte(TYPES[expression.type]);
        this.within(undefined, () => {
          this.expression(expression.a);
          bytes.byte(Op.ELSE);
          this.expression(expression.b);
        });
        return;
      case 'load':
        this.expression(expression.address);
        this.access(expression.code, expression.offset);
        return;
      case 'call': {
        for (const arg of expression.args) this.expression(arg);
        bytes.byte(Op.CALL).unsigned(this.numbers.functions.get(expression.callee) as number);
        return;
      }
    }
  }

  private within(label: Label | undefined, put: () => void): void {
    this.labels.push(label);
    put();
    this.labels.pop();
    this.bytes.byte(Op.END);
  }

  private operation(code: Opcode): void {
    const prefixed = PREFIXED.get(code);
    if (prefixed !== undefined) this.bytes.byte(PREFIX).unsigned(prefixed);
    else this.bytes.byte(OPCODES.get(code) as number);
  }

  /** A load or store; its alignment is a hint, the width of what it accesses. */
  private access(code: LoadOp | StoreOp, offset: number): void {
    this.bytes
      .byte(OPCODES.get(code) as number)
      .byte(alignmentOf(code))
      .unsigned(offset);
  }

  /** How many blocks out a label is. */
  private depth(label: Label): number {
    const at = this.labels.lastIndexOf(label);
    if (at < 0) throw new Error(`break to ${label.name} from outside of it`);
    return this.labels.length - 1 - at;
  }

  private local(local: Local): number {
    const number = this.locals.get(local);
    if (number === undefined) throw new Error(`${local.name} is a local of another function`);
    return number;
  }

  private global(global: Global): number {
    return this.numbers.globals.get(global) as number;
  }
}

const ALIGNMENTS = new Map<LoadOp | StoreOp, number>();

/** The exponent of the width, in bytes, of a load or store: `i32.load16_u` has 1. */
function alignmentOf(code: LoadOp | StoreOp): number {
  const known = ALIGNMENTS.get(code);
  if (known !== undefined) return known;
  const width = /(8|16)(_|$)/.exec(code)?.[1];
  const alignment = width === '8' ? 0 : width === '16' ? 1 : code.includes('64') ? 3 : 2;
  ALIGNMENTS.set(code, alignment);
  return alignment;
}

/** An instruction that puts a constant on the stack. */
export function putConstant(bytes: Bytes, type: ValueType, value: number | bigint): void {
  if (type === 'i32') bytes.byte(Op.I32_CONST).signed(Number(value) | 0);
  else if (type === 'i64') bytes.byte(Op.I64_CONST).signedLong(BigInt.asIntN(64, BigInt(value)));
  else if (type === 'f32') bytes.byte(Op.F32_CONST).float(Number(value), 4);
  else bytes.byte(Op.F64_CONST).float(Number(value), 8);
}
