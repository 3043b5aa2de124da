// Compiles stages to WebAssembly and runs them over plain objects, for tests: what the runtime does, in little.
import { analyseOperator, type OperatorPlan } from '../../src/compiler/analyse/analyse-operator.js';
import { StageValues } from '../../src/compiler/analyse/using.js';
import { encode } from '../../src/compiler/emit-wasm/encode.js';
import { moduleText } from '../../src/compiler/emit-wasm/text.js';
import { type FailureKind, raise } from '../../src/compiler/lower/failures.js';
import { importedOperation } from '../../src/compiler/lower/imports.js';
import { type LoweredModule, lowerUnits, type Unit } from '../../src/compiler/lower/lower-units.js';
import { type FailureSite, STAGE_BLOCK_BYTES, StageBlock } from '../../src/compiler/wasm-program.js';
import { fail } from '../../src/errors/index.js';
import { Arena, createMemory, type Memory } from '../../src/memory/index.js';
import type { OperatorDefinition } from '../../src/operator/index.js';
import { createTable } from '../../src/operator/table-memory.js';
import {
  type Codec,
  createCodec,
  createTextTable,
  type Struct,
  textTableWords,
} from '../../src/schema/index.js';
import type { AnyFused, TestStage } from './stage-kit.js';

/** The operators of a stage, analysed. */
export interface AnalysedStage {
  readonly plans: readonly OperatorPlan[];
  readonly values: StageValues;
  readonly output: Struct;
}

export function analyse(input: Struct, ...operators: AnyFused[]): AnalysedStage {
  const values = new StageValues();
  const plans: OperatorPlan[] = [];
  let output = input;
  for (const definition of operators.flatMap((part): readonly OperatorDefinition[] => part.operators)) {
    const plan = analyseOperator(definition, output, 'test', values);
    plans.push(plan);
    output = plan.output;
  }
  return { plans, values, output };
}

const PAGE_BYTES = 65_536;
const MEMORY_BYTES = 64 * 1024 * 1024;

/** Stages behind each other as one module. */
export function lowerChain(
  input: Struct,
  stages: readonly AnyFused[][],
  memoryBytes = MEMORY_BYTES,
): LoweredModule & { outputs: Struct[] } {
  const outputs: Struct[] = [];
  const units = stages.map((operators, k): Unit => {
    const { plans, values, output } = analyse(outputs[k - 1] ?? input, ...operators);
    outputs.push(output);
    return { parent: k - 1, first: true, last: true, from: 0, plans, stage: values, outside: [] };
  });
  const pages = memoryBytes / PAGE_BYTES;
  const memory = { shared: false, initialPages: pages, maximumPages: pages };
  return { ...lowerUnits(units, { name: 'test', memory }), outputs };
}

/** One stage as a module. */
export const lower = (input: Struct, ...operators: AnyFused[]): LoweredModule =>
  lowerChain(input, [operators]);

export const textOf = ({ module }: LoweredModule): string => moduleText(module);

/** What a step failed with, and where. */
export interface Failed {
  readonly site: FailureSite;
  readonly address: number;
  readonly error: unknown;
}

export interface WasmChain {
  readonly lowered: LoweredModule;
  readonly memory: Memory;
  readonly arena: Arena;
  readonly tables: readonly number[];
  /** The module's length. */
  readonly bytes: number;
  /** Byte addresses of the stages' blocks. */
  readonly blocks: readonly number[];
  /** Failures since they were last taken away. */
  readonly failures: Failed[];
  run(base: number, mask: number, bytes: number, from: number, count: number): number;
  /** Encodes a record and runs it through. */
  push(record: object): void;
  /** Hands over what was written to the outputs and not handed over yet. */
  drain(): void;
}

/** Slots of an output. */
const SLOTS = 64;

/** Compiles stages behind each other and makes them ready to run; `sink` takes what comes out of each. */
export function startChain(
  input: Struct,
  stages: readonly AnyFused[][],
  sink: (stage: number, record: unknown) => void,
  memoryBytes = MEMORY_BYTES,
): WasmChain {
  const lowered = lowerChain(input, stages, memoryBytes);
  const bytes = encode(lowered.module);
  const memory = createMemory(memoryBytes, false);
  const arena = Arena.create(memory);
  const limits = { maxTexts: 1000, maxBytes: 65_536 };
  const texts = createTextTable(memory, {
    ...limits,
    address: arena.allocate(textTableWords(limits), 'texts'),
  });
  const region = (size: number) => 8 * arena.allocate(Math.max(1, Math.ceil(size / 8)), 'region');
  const [scratch, data] = [region(lowered.scratchBytes), region(lowered.data.length)];
  memory.u8.set(lowered.data, data);
  for (const { offset, struct, value } of lowered.seeds) {
    const codec: Codec<unknown> = createCodec(struct, memory, texts);
    codec.encode((scratch + offset) / 8, value);
  }
  const outputs = lowered.outputs.map((struct) => ({
    codec: createCodec(struct, memory, texts) as Codec<unknown>,
    bytes: struct.layout.bytes,
    block: region(STAGE_BLOCK_BYTES),
    slots: region(struct.layout.bytes * SLOTS),
  }));
  const blocks = outputs.map(({ block }) => block);
  const cell = (stage: number, at: number) => ((blocks[stage] as number) + at) / 4;
  const failures: Failed[] = [];
  const tableArena = {
    allocate: (words: number, what: string) => arena.allocate(words, what),
    free: (at: number) => arena.free(at),
  };
  const tables = lowered.tables.map((_, n) => createTable({ memory, arena: tableArena }, 'a table', n));
  let allocation: unknown;
  const drainStage = (k: number): void => {
    const { codec, bytes, slots } = outputs[k] as (typeof outputs)[number];
    // Written when there is no room left, or the module is not running.
    const room = memory.i32[cell(k, StageBlock.ROOM)] as number;
    const end = started.has(k) ? slots + (SLOTS - room) * bytes : slots;
    for (let p = slots; p < end; p += bytes) sink(k, codec.decode(p / 8));
    memory.i32[cell(k, StageBlock.SLOT)] = slots;
    memory.i32[cell(k, StageBlock.ROOM)] = SLOTS;
    started.add(k);
  };
  const started = new Set<number>();
  const drain = (): void => {
    for (const k of outputs.keys()) drainStage(k);
  };
  drain();
  const env: Record<string, unknown> = {
    memory: memory.wasm,
    scratch,
    data,
    makeRoom(k: number) {
      // The module keeps its cells in locals: all slots are taken.
      memory.i32[cell(k, StageBlock.ROOM)] = 0;
      drainStage(k);
      return 1;
    },
    failed(number: number, address: number, a: number, b: number) {
      const site = lowered.failures[number] as FailureSite;
      failures.push({ site, address, error: errorOf(site, a, b, allocation) });
      return memory.i32[cell(0, StageBlock.ENDED)];
    },
    allocate(words: number) {
      try {
        return arena.allocate(words, 'a table');
      } catch (thrown) {
        allocation = thrown;
        return 0;
      }
    },
    release: (address: number) => arena.free(address),
  };
  for (const name of lowered.imports) env[name] = importedOperation(name);
  for (const [i, text] of lowered.texts.entries()) env[`text${i}`] = texts.intern(text);
  for (const [i, head] of tables.entries()) env[`table${i}`] = 8 * head;
  for (const [k, block] of blocks.entries()) {
    env[`stage${k}`] = block;
    memory.i32[cell(k, StageBlock.WRITES)] = 1;
  }
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: env as never });
  const { run, entry } = instance.exports as unknown as {
    run: WasmChain['run'];
    entry(address: number): void;
  };
  const codec: Codec<unknown> = createCodec(input, memory, texts);
  const at = arena.allocate(input.layout.words, 'input');
  return {
    lowered,
    memory,
    arena,
    tables,
    bytes: bytes.length,
    blocks,
    failures,
    run,
    push(record) {
      codec.encode(at, record);
      entry(8 * at);
    },
    drain,
  };
}

/** Compiles operators and makes them ready to run. */
export function startWasm(input: Struct, ...operators: AnyFused[]): TestStage & { chain: WasmChain } {
  const out: unknown[] = [];
  const chain = startChain(input, [operators], (_, record) => out.push(record));
  const { memory, arena, tables } = chain;
  return {
    chain,
    memory,
    arena,
    tables,
    push(...records) {
      out.length = 0;
      for (const record of records) {
        chain.push(record);
        const [failed] = chain.failures.splice(0);
        if (failed !== undefined) throw failed.error;
      }
      chain.drain();
      return [...out];
    },
  };
}

const CLASSES: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  EvalError,
  ReferenceError,
  URIError,
};

/** The error of a failure. */
function errorOf(site: FailureSite, a: number, b: number, allocation: unknown): unknown {
  if (site.kind === 'throw')
    return new (CLASSES[site.errorClass ?? 'Error'] as ErrorConstructor)(site.message);
  if (site.kind === 'tableFull') return fail('TABLE_FULL', { operator: site.message ?? '', maxKeys: a });
  if (site.kind === 'memory') return allocation;
  try {
    raise(site.kind as FailureKind, a, b);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}
