// The memory that all pipelines of a process run in, and what came of records.
import { Arena, createMemory, type Memory } from '../../src/memory/index.js';
import type { Param } from '../../src/operator/index.js';
import type { TableMemory } from '../../src/operator/table-memory.js';
import { createTextTable, type TextTable, textTableWords } from '../../src/schema/index.js';
import { TEXTS } from './layouts.js';

const MEMORY_BYTES = 64 * 1024 * 1024;
const PAGE_BYTES = 65_536;

export class World {
  readonly memory: Memory = createMemory(MEMORY_BYTES, false);
  readonly arena = Arena.create(this.memory);
  /** The memory as tables take it. */
  readonly tableMemory: TableMemory = {
    memory: this.memory,
    arena: {
      allocate: (words, what) => this.arena.allocate(words, what),
      free: (address) => this.arena.free(address),
    },
  };
  readonly texts: TextTable;
  /** A live parameter, for functions that use one. */
  readonly param: Param;
  readonly pages = MEMORY_BYTES / PAGE_BYTES;

  constructor() {
    const { memory, arena } = this;
    const limits = { maxTexts: 4096, maxBytes: 65_536 };
    this.texts = createTextTable(memory, {
      ...limits,
      address: arena.allocate(textTableWords(limits), 'texts'),
    });
    for (const text of TEXTS) this.texts.intern(text);
    const address = arena.allocate(1, 'a parameter');
    this.param = {
      kind: 'param',
      address,
      owner: this,
      get value() {
        return memory.f64[address] as number;
      },
      set value(value) {
        memory.f64[address] = value;
      },
    };
  }
}

/** What a stage has emitted, or failed with, on a record of the vector; -1 where it is not known on which. */
export interface Happened<T> {
  readonly stage: number;
  readonly index: number;
  readonly what: T;
}

/** What came of a vector of records. */
export class Outcome {
  readonly emitted: Happened<unknown>[] = [];
  readonly failures: Happened<Error>[] = [];
}
