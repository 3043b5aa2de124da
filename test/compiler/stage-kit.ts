// Compiles and runs stages over plain objects, for tests.
import {
  compileStage,
  instantiate,
  type JsUnit,
  type StageInstance,
  type StageProgram,
} from '../../src/compiler/index.js';
import { Arena, createMemory, type Memory } from '../../src/memory/index.js';
import type { Fused } from '../../src/operator/index.js';
import {
  type Codec,
  createCodec,
  createTextTable,
  type Struct,
  textTableWords,
} from '../../src/schema/index.js';

/** A compiled stage, on whichever backend. */
export interface TestStage {
  readonly memory: Memory;
  readonly arena: Arena;
  /** Word addresses of its tables' headers. */
  readonly tables: readonly number[];
  /** Sends records in and returns what came out; throws what a step throws. */
  push(...records: object[]): unknown[];
}

export interface RunningStage extends TestStage {
  readonly program: StageProgram;
  readonly instance: StageInstance;
  /** What functions printed. */
  readonly printed: unknown[][];
}

// biome-ignore lint/suspicious/noExplicitAny: tests compile operators over any records.
export type AnyFused = Fused<any, any>;

/** Compiles operators for the js backend: one unit. */
export function compile(input: Struct, ...operators: AnyFused[]): StageProgram {
  const definitions = operators.flatMap((part) => part.operators);
  return compileStage({ stage: 'test', input, operators: definitions, backend: 'js' }).program;
}

/** The driver of a program of one unit. */
export function unitOf({ units }: StageProgram): JsUnit {
  return units[0] as JsUnit;
}

/** Compiles operators and makes them ready to run. */
export function start(input: Struct, ...operators: AnyFused[]): RunningStage {
  const program = structuredClone(compile(input, ...operators));
  const memory = createMemory(64 * 1024 * 1024, false);
  const arena = Arena.create(memory);
  const limits = { maxTexts: 1000, maxBytes: 65_536 };
  const texts = createTextTable(memory, {
    ...limits,
    address: arena.allocate(textTableWords(limits), 'texts'),
  });
  for (const text of program.texts) texts.intern(text);
  const incoming: Codec<unknown> = createCodec(input, memory, texts);
  const outgoing: Codec<unknown> = createCodec(program.output, memory, texts);
  const at = arena.allocate(input.layout.words, 'input');
  const out: unknown[] = [];
  const printed: unknown[][] = [];
  const instance = instantiate(program.name, unitOf(program), {
    memory,
    texts,
    arena: { allocate: (words, what) => arena.allocate(words, what), free: (at) => arena.free(at) },
    constants: unitOf(program).constants,
    scratch: arena.allocate(program.scratchWords, 'scratch'),
    sink: (p) => out.push(outgoing.decode(p)),
    console: { log: (...args: unknown[]) => printed.push(args) },
  });
  return {
    program,
    instance,
    memory,
    arena,
    tables: instance.tables,
    printed,
    push(...records) {
      out.length = 0;
      for (const record of records) {
        incoming.encode(at, record);
        instance.entry(at);
      }
      return [...out];
    },
  };
}

/** Compiles operators, sends records in and returns what came out. */
export function through(input: Struct, operators: AnyFused | AnyFused[], records: object[]): unknown[] {
  return start(input, ...[operators].flat()).push(...records);
}

/** What compiling operators throws. */
export function refusal(input: Struct, ...operators: AnyFused[]): Error & Record<string, unknown> {
  try {
    compile(input, ...operators);
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error('It compiled');
}
