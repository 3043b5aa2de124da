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
import type { AnyFused } from './stage-kit.js';

/** The operators of a stage, analysed. */
export interface AnalysedStage {
  readonly plans: readonly OperatorPlan[];
  readonly values: StageValues;
}

export function analyse(input: Struct, ...operators: AnyFused[]): AnalysedStage {
  const values = new StageValues();
  const plans: OperatorPlan[] = [];
  let layout = input;
  for (const definition of operators.flatMap((part): readonly OperatorDefinition[] => part.operators)) {
    const plan = analyseOperator(definition, layout, 'test', values);
    plans.push(plan);
    layout = plan.output;
  }
  return { plans, values };
}

const PAGES = 1024;

/** One stage as a module. */
export function lower(input: Struct, ...operators: AnyFused[]): LoweredModule & { readonly output: Struct } {
  const { plans, values } = analyse(input, ...operators);
  const unit: Unit = { parent: -1, first: true, last: true, from: 0, plans, stage: values, outside: [] };
  const memory = { shared: false, initialPages: PAGES, maximumPages: PAGES };
  return { ...lowerUnits([unit], { name: 'test', memory }), output: plans.at(-1)?.output ?? input };
}

export const textOf = ({ module }: LoweredModule): string => moduleText(module);

export interface WasmStage {
  readonly lowered: LoweredModule;
  readonly memory: Memory;
  readonly arena: Arena;
  readonly tables: readonly number[];
  readonly bytes: number;
  readonly block: number;
  /** Sends records in and returns what came out; throws what a step failed with. */
  push(...records: object[]): unknown[];
  run(base: number, mask: number, bytes: number, from: number, count: number): number;
  /** What the last failure was about. */
  readonly failed: { readonly site: FailureSite; readonly address: number } | undefined;
}

/** Compiles operators and makes them ready to run. */
export function startWasm(input: Struct, ...operators: AnyFused[]): WasmStage {
  const lowered = lower(input, ...operators);
  const bytes = encode(lowered.module);
  const memory = createMemory(PAGES * 65_536, false);
  const arena = Arena.create(memory);
  const limits = { maxTexts: 1000, maxBytes: 65_536 };
  const texts = createTextTable(memory, {
    ...limits,
    address: arena.allocate(textTableWords(limits), 'texts'),
  });
  const region = (size: number) => 8 * arena.allocate(Math.max(1, Math.ceil(size / 8)), 'region');
  const scratch = region(lowered.scratchBytes);
  const data = region(lowered.data.length);
  const block = region(STAGE_BLOCK_BYTES);
  memory.u8.set(lowered.data, data);
  for (const { offset, struct, value } of lowered.seeds) {
    const codec: Codec<unknown> = createCodec(struct, memory, texts);
    codec.encode((scratch + offset) / 8, value);
  }
  const incoming: Codec<unknown> = createCodec(input, memory, texts);
  const outgoing: Codec<unknown> = createCodec(lowered.output, memory, texts);
  const at = arena.allocate(input.layout.words, 'input');
  const slots = 64;
  const slot = region(lowered.output.layout.bytes * slots);
  const out: unknown[] = [];
  let error: unknown;
  let failed: WasmStage['failed'];
  let allocated: unknown;
  /** Takes what was written to the slots. */
  const drain = (): void => {
    const room = memory.i32[(block + StageBlock.ROOM) / 4] as number;
    const start = memory.i32[(block + StageBlock.SLOT) / 4] as number;
    if (start === 0) return;
    for (let p = slot; p < start; p += lowered.output.layout.bytes) out.push(outgoing.decode(p / 8));
    void room;
    memory.i32[(block + StageBlock.SLOT) / 4] = slot;
    memory.i32[(block + StageBlock.ROOM) / 4] = slots;
  };
  const tables = lowered.tables.map(() => createTable({ memory, arena }, 'a table'));
  const env: Record<string, unknown> = {
    memory: memory.wasm,
    scratch,
    data,
    stage0: block,
    makeRoom() {
      drain();
      memory.i32[(block + StageBlock.SLOT) / 4] = slot;
      memory.i32[(block + StageBlock.ROOM) / 4] = slots;
      return 1;
    },
    failed(number: number, address: number, a: number, b: number) {
      const site = lowered.failures[number] as FailureSite;
      failed = { site, address };
      error ??= errorOf(site, a, b, allocated);
      return 0;
    },
    allocate(words: number) {
      try {
        return arena.allocate(words, 'a table');
      } catch (thrown) {
        allocated = thrown;
        return 0;
      }
    },
    release: (address: number) => arena.free(address),
  };
  for (const name of lowered.imports) env[name] = importedOperation(name);
  lowered.texts.forEach((text, i) => {
    env[`text${i}`] = texts.intern(text);
  });
  tables.forEach((head, i) => {
    env[`table${i}`] = 8 * head;
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: env as never });
  const { run, entry } = instance.exports as unknown as {
    run: WasmStage['run'];
    entry(address: number): void;
  };
  memory.i32[(block + StageBlock.WRITES) / 4] = 1;
  return {
    lowered,
    memory,
    arena,
    tables,
    bytes: bytes.length,
    block,
    run,
    get failed() {
      return failed;
    },
    push(...records) {
      out.length = 0;
      error = undefined;
      for (const record of records) {
        incoming.encode(at, record);
        entry(8 * at);
        if (error !== undefined) throw error;
      }
      drain();
      return [...out];
    },
  };
}

const CLASSES: Record<string, ErrorConstructor> = {
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  EvalError,
  ReferenceError,
  URIError,
};

/** The error of a failure. */
function errorOf(site: FailureSite, a: number, b: number, allocated: unknown): unknown {
  if (site.kind === 'throw')
    return new (CLASSES[site.errorClass ?? 'Error'] as ErrorConstructor)(site.message);
  if (site.kind === 'tableFull') return fail('TABLE_FULL', { operator: site.message ?? '', maxKeys: a });
  if (site.kind === 'memory') return allocated;
  try {
    raise(site.kind as FailureKind, a, b);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}
