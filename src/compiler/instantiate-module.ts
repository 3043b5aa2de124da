// Makes a module ready to run, in the thread that runs it: its tables, its constants, what it imports.

import { carry, openSlots, SlotWriter } from '../journal/index.js';
import type { Memory } from '../memory/index.js';
import { WORD_BYTES } from '../memory/index.js';
import { createTable, type TableMemory } from '../operator/table-memory.js';
import { createCodec, type Texts } from '../schema/index.js';
import { importedOperation } from './lower/imports.js';
import { STAGE_BLOCK_BYTES, type WasmProgram } from './wasm-program.js';

/** What a module needs of the thread that runs it. Its tables are numbered as in its program. */
export interface ModuleEnv extends TableMemory {
  readonly memory: Memory;
  readonly texts: Texts;
  /** Word address of {@link moduleWords} words that are zero. */
  readonly region: number;
  /** See {@link WasmProgram}. */
  makeRoom(stage: number): number;
  next(stage: number, address: number): number;
  accept(child: number, address: number): void;
  failed(site: number, address: number, a: number, b: number): number;
  /** The arena could not give what a table needs, or a slot store refuses a key. */
  outOfMemory(error: unknown): void;
}

/** A module at work. Addresses count bytes. */
export interface ModuleInstance {
  run(base: number, mask: number, bytes: number, from: number, count: number): number;
  entry(address: number): void;
  /** Word addresses of its tables' headers; 0 for slot stores. */
  readonly tables: readonly number[];
}

/** Words of a module's region: the blocks of its stages, its scratch memory, its constant tables. */
export function moduleWords({ stages, scratchBytes, data }: WasmProgram): number {
  return (
    (stages.length * STAGE_BLOCK_BYTES + scratchBytes) / WORD_BYTES + Math.ceil(data.length / WORD_BYTES)
  );
}

/** Pipelines that are started again and again have one program. */
const modules = new WeakMap<WasmProgram, WebAssembly.Module>();

/**
 * Makes a module ready to run.
 *
 * @throws {RangeError} OUT_OF_MEMORY if its tables find no room.
 */
export function instantiateModule(program: WasmProgram, env: ModuleEnv): ModuleInstance {
  const { memory, texts, arena } = env;
  const blocks = env.region * WORD_BYTES;
  const scratch = blocks + program.stages.length * STAGE_BLOCK_BYTES;
  const data = scratch + program.scratchBytes;
  memory.u8.set(program.data, data);
  for (const { offset, struct, value } of program.seeds) {
    // Values wrap as they do where functions store them; this thread need not own the text table.
    const known: Texts = {
      string: (id) => texts.string(id),
      id: (text) => texts.id(text),
      intern: (text) => texts.id(text),
      idIfKnown: (text) => texts.idIfKnown(text),
    };
    const { WriterView } = createCodec(struct, memory, known);
    Object.assign(new WriterView((scratch + offset) / WORD_BYTES), value);
  }
  const imports: Record<string, WebAssembly.ImportValue> = {
    memory: memory.wasm,
    makeRoom: (stage: number) => env.makeRoom(stage),
    next: (stage: number, address: number) => env.next(stage, address >>> 0),
    accept: (child: number, address: number) => env.accept(child, address >>> 0),
    failed: (site: number, address: number, a: number, b: number) => env.failed(site, address >>> 0, a, b),
    allocate: (words: number, n: number) => {
      try {
        return arena.allocate(words, program.tables[n]?.purpose ?? '', n);
      } catch (error) {
        env.outOfMemory(error);
        return 0;
      }
    },
    release: (address: number) => arena.free(address >>> 0),
    storeSlot: (n: number, key: number, record: number) => {
      try {
        writers[n]?.store((key >>> 0) / WORD_BYTES, (record >>> 0) / WORD_BYTES);
        return 0;
      } catch (error) {
        env.outOfMemory(error);
        return 1;
      }
    },
    carryHistogram: (region: number, stride: number, low: number) =>
      carry({ memory, cell: 2 * region, stride }, (low >>> 0) / 4),
    scratch: address(scratch),
    data: address(data),
  };
  program.stages.forEach((_, k) => {
    imports[`stage${k}`] = address(blocks + k * STAGE_BLOCK_BYTES);
  });
  const tables = program.tables.map(({ purpose, slots }, n) =>
    slots === undefined ? createTable(env, purpose, n) : 0,
  );
  const writers = program.tables.map(({ slots }) => slots && new SlotWriter(openSlots(memory, slots)));
  tables.forEach((head, n) => {
    imports[`table${n}`] = address(head * WORD_BYTES);
  });
  program.texts.forEach((text, k) => {
    imports[`text${k}`] = address(texts.id(text));
  });
  for (const name of program.imports) {
    const operation = importedOperation(name);
    if (operation !== undefined) imports[name] = operation;
  }
  let module = modules.get(program);
  if (module === undefined) {
    module = new WebAssembly.Module(program.bytes);
    modules.set(program, module);
  }
  const { exports } = new WebAssembly.Instance(module, { env: imports });
  return { ...(exports as unknown as Pick<ModuleInstance, 'run' | 'entry'>), tables };
}

function address(value: number): WebAssembly.Global {
  return new WebAssembly.Global({ value: 'i32' }, value | 0);
}
