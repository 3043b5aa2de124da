// What lowering an expression needs of the function and the module around it.
import type { ScalarName } from '../../schema/index.js';
import { Builder } from './builder.js';
import { copyBytes } from './bytes.js';
import type { FailureKind } from './failures.js';
import { importedOperation } from './imports.js';
import {
  binary,
  type DefinedFunction,
  type Expression,
  type Global,
  get,
  type ImportedFunction,
  i32,
  type Local,
  type ValueType,
} from './ir.js';
import type { Cell, Operand, SingleOperand } from './operand.js';
import { loadScalar, rawOf, storeRaw } from './scalars.js';

/** A place in memory: bytes to be added to an address without effects. */
export interface Address {
  readonly address: Expression;
  readonly offset: number;
}

/** An address as one expression. */
export function addressOf({ address, offset }: Address): Expression {
  if (offset === 0) return address;
  return address.op === 'const'
    ? i32(Number(address.value) + offset)
    : binary('i32.add', address, i32(offset));
}

/** The lowering of one function. Operations throw `NotCompilable` without a place; whoever knows the node adds it. */
export interface LowerContext {
  readonly module: ModuleParts;
  readonly builder: Builder;
  /** What a field of a literal holds now. */
  read(cell: Cell): Operand;
  /** A new cell that holds `value`. */
  cell(name: string, value: Operand): Cell;
  /** What a scalar in memory holds: a load where it happens, unless what is there is known already. */
  load(type: ScalarName, at: Address): SingleOperand;
  /** Stores an operand to a scalar in memory, coerced as its type does; what is known of memory follows. */
  store(type: ScalarName, at: Address, operand: Operand): void;
  /** Copies bytes from one place in memory to another that does not overlap; what is known of memory follows. */
  copy(to: Address, from: Address, bytes: number): void;
  /** An address as a local that doesn't change; what is known of the memory that it is in stays known. */
  pinAddress(address: Expression, name: string): Expression;
  /**
   * Adds statements that leave the step with a failure; what is added after them is never reached.
   *
   * @param details At most two f64 expressions: the parameters of `raise(kind, …)`.
   */
  fail(kind: FailureKind, ...details: Expression[]): void;
}

/** What the functions of a module share: imports, helper functions, texts, scratch memory. Each is made once. */
export class ModuleParts {
  /** The helper functions, in the order in which they were made. */
  readonly helpers: DefinedFunction[] = [];
  /** The functions that steps are lowered to. */
  readonly steps: DefinedFunction[] = [];
  /** The texts of the code, and the imported globals that hold their numbers: `text0`, `text1`, …. */
  readonly texts = new Map<string, Global>();
  /** The imported global that holds the byte address of the scratch memory. */
  readonly scratchBase: Global = { kind: 'global', type: 'i32', name: 'scratch', mutable: false };
  /** How much of the scratch memory is taken. */
  scratchBytes = 0;

  /** The imported global that holds the byte address of the constant tables. */
  readonly dataBase: Global = { kind: 'global', type: 'i32', name: 'data', mutable: false };

  private readonly tables = new Map<string, { readonly bytes: Uint8Array; readonly offset: number }>();
  private dataBytes = 0;
  private readonly imports = new Map<string, ImportedFunction>();
  private readonly made = new Map<string, DefinedFunction>();

  /** A function of JavaScript; see imports.ts for those that operations use. */
  importFunction(
    name: string,
    params: readonly ValueType[],
    result: ValueType | undefined,
  ): ImportedFunction {
    let found = this.imports.get(name);
    if (found === undefined) {
      found = { kind: 'imported', name, params, result };
      this.imports.set(name, found);
    }
    return found;
  }

  /** A function of the module; `build` adds its statements. A key of several words is named by its first and a number. */
  helper(
    key: string,
    params: readonly Local[],
    result: ValueType | undefined,
    build: (fn: DefinedFunction) => void,
  ): DefinedFunction {
    let found = this.made.get(key);
    if (found === undefined) {
      const [name = key, ...rest] = key.split(' ');
      const number = rest.length === 0 ? '' : this.made.size;
      found = { kind: 'defined', name: `${name}${number}`, params, result, body: [] };
      this.made.set(key, found);
      build(found);
      this.helpers.push(found);
    }
    return found;
  }

  /** The number of a text of the code. */
  text(constant: string): Expression {
    if (constant === '') return i32(0);
    let found = this.texts.get(constant);
    if (found === undefined) {
      found = { kind: 'global', type: 'i32', name: `text${this.texts.size}`, mutable: false };
      this.texts.set(constant, found);
    }
    return get(found);
  }

  /** Bytes of scratch memory of its own, on a word. */
  scratch(bytes: number): Address {
    const offset = this.scratchBytes;
    this.scratchBytes += Math.ceil(bytes / 8) * 8;
    return { address: get(this.scratchBase), offset };
  }

  /** The scratch memory at an offset that was taken before. */
  scratchAt(offset: number): Address {
    return { address: get(this.scratchBase), offset };
  }

  /** The functions of JavaScript that are imported for operations, by name. */
  get importNames(): string[] {
    return [...this.imports.keys()].filter((name) => importedOperation(name) !== undefined);
  }

  /** Where a table of constants is, which JavaScript puts there; tables of the same bytes are one. */
  table(bytes: Uint8Array): Address {
    const key = bytes.join();
    let found = this.tables.get(key);
    if (found === undefined) {
      found = { bytes, offset: this.dataBytes };
      this.tables.set(key, found);
      this.dataBytes += Math.ceil(bytes.length / 8) * 8;
    }
    return { address: get(this.dataBase), offset: found.offset };
  }

  /** The bytes of all tables. */
  data(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.dataBytes);
    for (const { bytes, offset } of this.tables.values()) all.set(bytes, offset);
    return all;
  }
}

/** The context of a helper function: it has no literals, can't fail, and knows nothing of memory. */
export function helperContext(module: ModuleParts, { body }: DefinedFunction): LowerContext {
  const never = (): never => {
    throw new Error('not within a helper function');
  };
  const builder = new Builder(body);
  return { module, builder, read: never, cell: never, fail: never, ...plainMemory(builder) };
}

/** A context within another, for paths of which only one is taken: what they store is not known behind. */
export function branchContext(ctx: LowerContext): LowerContext {
  const { module, builder } = ctx;
  return {
    module,
    builder,
    read: (cell) => ctx.read(cell),
    cell: (name, value) => ctx.cell(name, value),
    fail: (kind, ...details) => ctx.fail(kind, ...details),
    ...plainMemory(builder),
  };
}

/** Memory of which nothing is known. */
export const plainMemory = (
  builder: Builder,
): Pick<LowerContext, 'load' | 'store' | 'copy' | 'pinAddress'> => ({
  load: (type, at) => loadScalar(builder, type, at),
  store: (type, at, operand) => storeRaw(builder, type, at, rawOf(builder, type, operand)),
  copy: (to, from, bytes) => copyBytes(builder, to, from, bytes),
  pinAddress: (address, name) => builder.pin(address, name),
});
