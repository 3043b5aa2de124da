// Keyed tables of every backend, made ready to be tested by themselves.
import { tableSource } from '../../../src/compiler/emit-js/table-source.js';
import { fail } from '../../../src/errors/index.js';
import { Arena, createMemory, type Memory } from '../../../src/memory/index.js';
import type { KeyPart } from '../../../src/operator/table-layout.js';
import { createTable, disposeTable } from '../../../src/operator/table-memory.js';
import { f64, struct } from '../../../src/schema/index.js';
import { type CheckedTable, checkTable } from './check-table.js';

export type Part = number | bigint | boolean;

export interface TableOptions {
  readonly parts: readonly KeyPart[];
  readonly stateWords?: number;
  readonly maxKeys?: number;
  readonly memoryBytes?: number;
  readonly shared?: boolean;
  /** Whether keys are deleted; they are unless told. */
  readonly deletes?: boolean;
}

/** A table, and the memory that it is in. */
export interface TestedTable {
  readonly memory: Memory;
  readonly arena: Arena;
  /** The word address of its header. */
  readonly head: number;
  /** The word address of the state of a key, or 0. */
  find(key: readonly Part[]): number;
  /** The same for a key that `find` has just not found, or that has just been deleted: it is added. */
  insert(key: readonly Part[]): number;
  /** Deletes a key; false if there is none. */
  erase(key: readonly Part[]): boolean;
  /** Word addresses of all entries, in the order of their ids. */
  entries(): number[];
  /** Makes the `n`th allocation from now on fail. */
  failAllocation(n: number): void;
  check(): CheckedTable;
  dispose(): void;
}

export type MakeTable = (options: TableOptions) => TestedTable;

/** What all backends share: the memory, an arena that may be told to fail, the checker. */
export function surroundings(options: TableOptions) {
  const {
    parts,
    stateWords = 1,
    maxKeys = 1_048_576,
    memoryBytes = 64 * 1024 * 1024,
    shared = false,
  } = options;
  const memory = createMemory(memoryBytes, shared);
  const arena = Arena.create(memory);
  let failing = 0;
  const failable = {
    allocate(words: number, what: string, _table?: number): number {
      failing--;
      if (failing === 0) throw fail('OUT_OF_MEMORY', { what, bytes: 8 * words, free: 0, total: 0 });
      return arena.allocate(words, what);
    },
    free: (address: number) => arena.free(address),
  };
  return {
    memory,
    arena,
    failable,
    failAllocation(n: number) {
      failing = n;
    },
    check: (head: number) => checkTable(memory, { head, parts, stateWords, maxKeys }),
  };
}

interface Generated {
  readonly head: number;
  put(key: readonly Part[]): void;
  find(): number;
  insert(): number;
  erase(): void;
  entries(): number[];
}

/** The table that the js backend generates. */
export const jsTable: MakeTable = (options) => {
  const { memory, arena, failable, failAllocation, check } = surroundings(options);
  const { parts, stateWords = 1, maxKeys = 1_048_576, deletes = true } = options;
  const value = struct(Object.fromEntries(Array.from({ length: stateWords }, (_, i) => [`f${i}`, f64])));
  const put = parts.map((part, i) => {
    if (part === 'f64') return `F64[key0 + ${i}] = key[${i}] + 0;`;
    if (part === 'i64' || part === 'u64') return `I64[key0 + ${i}] = BigInt.asIntN(64, key[${i}]);`;
    return `I32[2 * (key0 + ${i})] = Number(key[${i}]);`;
  });
  const source = `
const { i32: I32, f64: F64, i64: I64 } = env.memory, fail = env.fail, key0 = env.key;
${tableSource({ n: '0', id: 0, keys: parts, value, maxKeys, owner: 'the test', purpose: 'a table', deletes })}
return {
  head: head0 / 2,
  put(key) { ${put.join(' ')} },
  find() { find0(); return at0; },
  insert() { insert0(); return at0; },
  erase() { erase0(at0 - ${parts.length}); },
  entries() {
    const found = [];
    for (let id = 0; id < ids0; id++) if (taken0(id) !== 0) found.push(taken0(id));
    return found;
  },
};`;
  const env = { memory, arena: failable };
  const table = new Function('env', source)({
    ...env,
    fail,
    key: arena.allocate(parts.length, 'the key'),
    createTable: (what: string) => createTable(env, what, 0),
  }) as Generated;
  return {
    memory,
    arena,
    head: table.head,
    failAllocation,
    find(key) {
      table.put(key);
      return table.find();
    },
    insert(key) {
      table.put(key);
      return table.insert();
    },
    erase(key) {
      table.put(key);
      if (table.find() === 0) return false;
      table.erase();
      return true;
    },
    entries: () => table.entries(),
    check: () => check(table.head),
    dispose: () => disposeTable(env, table.head),
  };
};
