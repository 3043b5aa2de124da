// A WebAssembly module and all that JavaScript must give it: a plain value that can be posted to any thread.
//
// A module runs units: runs of consecutive operators that compile. One unit is the root; the records of the others come from
// within the module. Stages here are counted within the module, in the order of their first unit.
import type { Struct } from '../schema/index.js';
import type { TableSpec } from './program.js';

/** Where each stage's block lies is an imported global, `stage0`, `stage1`, …: byte addresses of {@link STAGE_BLOCK_BYTES}. */
export const StageBlock = {
  /** i32: 1 once the stage has ended; it then takes no records. Written by JavaScript. */
  ENDED: 0,
  /** i32: 1 while its output journal is read. Written by JavaScript, between batches. */
  WRITES: 4,
  /** i32: byte address of the next free slot of its output journal. */
  SLOT: 8,
  /** i32: slots that may be written from SLOT on; none left: the module calls `makeRoom(stage)`. */
  ROOM: 12,
  /** f64: records that it has taken, where they come from within the module. */
  IN: 16,
  /** f64: records that it has emitted. */
  OUT: 24,
} as const;
export const STAGE_BLOCK_BYTES = 32;

/** A stage's part in a module. */
export interface ModuleStage {
  /** Whether the module has its first operator; else its records come in by `entry`. */
  readonly first: boolean;
  /** Whether the module has its last operator; else the module's part ends in `next(stage, address)`. */
  readonly last: boolean;
  /** The stage whose records it takes, where that is within the module; else -1. */
  readonly parent: number;
}

/** A keyed table of a module. */
export interface ModuleTable extends TableSpec {
  /** The stage that it belongs to, within the module. */
  readonly stage: number;
}

/** Where a failure's input record is, and what to make of it. */
export interface FailureSite {
  /** The stage, within the module. */
  readonly stage: number;
  /** The operator's place in its stage. */
  readonly operator: number;
  /** What `raise` makes an error of; `throw` for one of the code, with class and message; `next`: see {@link WasmProgram}. */
  readonly kind: string;
  readonly errorClass?: string;
  readonly message?: string;
  /** The function and place, as a line of a stack trace. */
  readonly at: string;
}

/**
 * The module's exports:
 * - `run(base, mask, bytes, from, count) → done`: the root takes the records at `base + ((from + i) & mask) * bytes`; returns
 *   early once its stage has ended.
 * - `entry(address)`: the root takes one record.
 *
 * Its imports, all of `env`:
 * - `memory`; globals (i32): `scratch`, `data`, `stage<k>`, `table<k>` (byte address of the table's header), `text<k>`
 * - `makeRoom(stage) → i32`: called when ROOM is 0; sets SLOT and ROOM and returns 1, or 0 if nobody reads any more; 2 if the
 *   journal can't take the record: the module then leaves the stage's record as after a failure, of kind `next`
 * - `next(stage, address) → i32`: takes a record that leaves the module within a stage (see `last`); 1 if what follows has failed
 *   on it: the module then leaves the stage's record as after a failure of its own, of kind `next`
 * - `accept(child, address)`: gives a record of a stage to a child outside of the module
 * - `failed(site, address, a, b) → i32`: a step has failed on the stage's input record, which is at `address`; 1 if its stage has
 *   ended, else 0
 * - `allocate(words, table) → i32`, 0 if there is no room; `release(word address)`
 * - `storeSlot(table, key, record) → i32`: stores a record in a slot store; 1 if that refuses the key: a failure of kind `memory`
 * - `carryHistogram(region, stride, cell)`: moves 2^31 values of a histogram's bucket to its high bits: the word address of the
 *   region, the cells from one of its arrays to the next, the byte address of the bucket's cell
 * - what `imports` lists: functions of JavaScript by name, such as `Math.sin`
 */
export interface WasmProgram {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly stages: readonly ModuleStage[];
  readonly tables: readonly ModuleTable[];
  readonly texts: readonly string[];
  readonly failures: readonly FailureSite[];
  /** Names of functions of JavaScript. */
  readonly imports: readonly string[];
  /** Constant tables, to be copied to where the global `data` says. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly scratchBytes: number;
  readonly seeds: readonly Seed[];
}

/** What a state without a key holds from the start. */
export interface Seed {
  /** Byte offset into the scratch memory. */
  readonly offset: number;
  readonly struct: Struct;
  readonly value: unknown;
}
