// What the compiler makes of a stage, and what that becomes in the thread that runs it.

import type { Memory } from '../memory/index.js';
import type { SlotsTarget } from '../operator/index.js';
import type { KeyPart } from '../operator/table-layout.js';
import type { KeyTypes, Struct } from '../schema/index.js';

/** What runs a unit: JavaScript that was generated for it, or a WebAssembly module. */
export type Backend = 'js' | 'wasm';

/** A compiled stage: a plain value that can be posted to any thread. */
export interface StageProgram {
  readonly name: string;
  readonly operators: readonly OperatorSummary[];
  readonly input: Struct;
  readonly output: Struct;
  /** Its operators in runs of one backend, in order. */
  readonly units: readonly UnitProgram[];
  /** The tables of all operators, slot stores not among them. */
  readonly tables: readonly TableSpec[];
  /** Word addresses of the live parameters that it reads; each is an f64. */
  readonly params: readonly number[];
  /** Texts that must be in the text table before the stage runs. */
  readonly texts: readonly string[];
  /** Words of scratch memory that its units on JavaScript need. */
  readonly scratchWords: number;
}

export type UnitProgram = JsUnit | WasmUnit;

/** Consecutive operators of a stage that run on JavaScript. */
export interface JsUnit {
  readonly backend: 'js';
  /** The place of its first operator in the stage. */
  readonly from: number;
  /** The body of `new Function('env', source)`, which returns a {@link StageInstance}. */
  readonly source: string;
  /** What the source finds in `env.constants`. */
  readonly constants: readonly unknown[];
  /** Words at `env.scratch` that belong to it while it runs; they need not be zero. */
  readonly scratchWords: number;
}

/** Consecutive operators of a stage that are compiled, to a module together with others (see {@link WasmProgram}). */
export interface WasmUnit {
  readonly backend: 'wasm';
  readonly from: number;
}

/** One operator, for `explain()`. */
export interface OperatorSummary {
  readonly name: string;
  readonly input: Struct;
  readonly out: Struct;
  /** The layout of its state, if it keeps any. */
  readonly state?: Struct;
  /** The parts of its key, if it has one. */
  readonly key?: readonly KeyPart[];
  readonly backend: Backend;
  /** Why it can't be compiled, with a code frame where it is about a place in a function. */
  readonly reason?: string;
}

/** A keyed table of a stage. */
export interface TableSpec extends KeyTypes {
  /** Which operator it belongs to, by its place in the stage. */
  readonly operator: number;
  /** Its number within its stage, by which its memory is known (see `tableId`). */
  readonly id: number;
  /** `state`, or the name that its step has for it. */
  readonly name: string;
  /** What memory is taken for, for messages. */
  readonly purpose: string;
  readonly keys: readonly KeyPart[];
  /** The layout of its records; undefined if nothing is kept but keys. */
  readonly value: Struct | undefined;
  readonly maxKeys: number;
  /** Whether `maxKeys` was given, and not left to be what it is unless told. */
  readonly isBounded: boolean;
  /** Bytes of an entry: key and state. */
  readonly entryBytes: number;
  /** The slot store that it stands for; then there is no table. */
  readonly slots?: SlotsTarget;
}

/** What a unit's code needs of the thread that runs it. */
export interface StageEnv {
  readonly memory: Memory;
  readonly texts: { string(id: number): string; id(text: string): number; intern(text: string): number };
  readonly arena: {
    /** @param table The number of the table that it is for, within the unit. */
    allocate(words: number, what: string, table: number): number;
    free(address: number): void;
  };
  readonly constants: readonly unknown[];
  /** The word address of `scratchWords` words. */
  readonly scratch: number;
  /** Takes each record that comes out, by its word address; the record is valid only during the call. */
  sink(p: number): void;
  /** What functions see as `console`. */
  readonly console: Pick<Console, 'log'>;
}

/** A unit ready to run. */
export interface StageInstance {
  /** Runs one record through all operators. */
  entry(p: number): void;
  /**
   * Runs records of a ring through all operators: those at `base + ((from + i) & mask) * words` for i from 0 to
   * `count - 1`. `from` is the low 32 bits of a sequence. Throws what a function throws; see `failedAt`.
   */
  run(base: number, mask: number, words: number, from: number, count: number): void;
  /** After a throw: the index of the record in its run (0 after `entry`), and which operator of the unit it was in. */
  failedAt(): { readonly index: number; readonly operator: number };
  /** Word addresses of its tables' headers, in the order of its operators. */
  readonly tables: readonly number[];
  /** Gives all memory of its tables back. */
  dispose(): void;
}
