// What the tests of schema share: a memory, a text table, and record code as the driver of a stage has it.
import { fail } from '../../src/errors/index.js';
import { createMemory, type Memory } from '../../src/memory/index.js';
import {
  createTextTable,
  generate,
  RECORD_PRELUDE,
  RecordNames,
  type RecordOptions,
  recordSource,
  type Struct,
  type TextTable,
  textTableWords,
} from '../../src/schema/index.js';

/** Where records of tests may lie: on a line, after the text table. */
export const AT = 65_536;

export interface Ground {
  readonly memory: Memory;
  readonly texts: TextTable;
}

export function ground(bounds = { maxTexts: 10_000, maxBytes: 200_000 }, shared = true): Ground {
  const memory = createMemory(4 * 1024 * 1024, shared);
  if (16 + textTableWords(bounds) > AT) throw new RangeError('The text table of a test is too large');
  return { memory, texts: createTextTable(memory, { address: 16, ...bounds }) };
}

// biome-ignore lint/suspicious/noExplicitAny: generated code has no types.
type Any = any;

export interface RecordCode {
  readonly View: new (p: number) => Any;
  copy(d: number, s: number): void;
  same(a: number, b: number): boolean;
  read(p: number): Any;
  write(p: number, o: unknown): void;
  zero(p: number): void;
}

/** The record code of a struct, unchecked and writable unless told, over a memory. */
export function recordCode(
  struct: Struct,
  { memory, texts }: Ground,
  options: Partial<RecordOptions> = {},
): RecordCode {
  const names = new RecordNames();
  const n = names.struct(struct);
  const source = `${RECORD_PRELUDE}${recordSource(struct, n, { names, ...options })}
return { View: V${n}, copy: copy${n}, same: same${n}, read: read${n}, write: write${n}, zero: zero${n} };`;
  return generate<(env: object) => RecordCode>('a test', ['env'], source)({ memory, texts, fail });
}

/** The bytes of a record. */
export function bytesAt({ memory }: Ground, p: number, struct: Struct): number[] {
  return Array.from(memory.u8.subarray(8 * p, 8 * p + struct.layout.bytes));
}

/** What a function throws. */
export function thrownBy(fn: () => unknown): Error & { code?: string; field?: string; value?: unknown } {
  try {
    fn();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown');
}
