// The keyed table of the wasm backend, in a module of its own.
import { encode } from '../../../src/compiler/emit-wasm/encode.js';
import { Builder } from '../../../src/compiler/lower/builder.js';
import { ModuleParts } from '../../../src/compiler/lower/context.js';
import {
  type DefinedFunction,
  type Expression,
  get,
  local,
  type ValueType,
} from '../../../src/compiler/lower/ir.js';
import { TableCode } from '../../../src/compiler/lower/table.js';
import { fail } from '../../../src/errors/index.js';
import { isHalf, type KeyPart, TABLE_COUNT, TABLE_IDS } from '../../../src/operator/table-layout.js';
import { createTable, disposeTable } from '../../../src/operator/table-memory.js';
import { type MakeTable, type Part, surroundings, type TableOptions } from './tables.js';

type Call = (...args: (number | bigint)[]) => number;

/** The functions of a module around one table, which take parts of keys as i32, f64 or i64. */
export function tableModule({ parts, stateWords = 1, maxKeys = 1_048_576, deletes = true }: TableOptions) {
  const module = new ModuleParts();
  const table = new TableCode(module, { n: 0, parts, stateWords, maxKeys, deletes });
  const given = (): readonly { type: ValueType; name: string; kind: 'local' }[] =>
    parts.map((part, i) => local(typeOfPart(part), `part${i}`));
  const make = (
    name: string,
    build: (b: Builder, key: readonly Expression[]) => Expression,
  ): DefinedFunction => {
    const params = given();
    const fn: DefinedFunction = { kind: 'defined', name, params, result: 'i32', body: [] };
    const b = new Builder(fn.body);
    b.add({ op: 'return', value: build(b, table.key(b, params.map(get))) });
    return fn;
  };
  const of = (
    name: string,
    result: ValueType | undefined,
    build: (b: Builder, at: Expression) => Expression | undefined,
  ): DefinedFunction => {
    const at = local('i32', 'at');
    const fn: DefinedFunction = { kind: 'defined', name, params: [at], result, body: [] };
    const b = new Builder(fn.body);
    const value = build(b, get(at));
    if (value !== undefined) b.add({ op: 'return', value });
    return fn;
  };
  const functions = [
    make('find', (b, key) => table.find(b, key)),
    make('insert', (b, key) => table.insert(b, key)),
    ...(deletes
      ? [
          of('erase', undefined, (b, at) => void table.erase(b, at)),
          of('taken', 'i32', (b, id) => table.taken(b, id)),
        ]
      : []),
  ];
  return { module, functions };
}

function typeOfPart(part: KeyPart): ValueType {
  return part === 'f64' ? 'f64' : isHalf(part) ? 'i32' : 'i64';
}

export const wasmTable: MakeTable = (options) => {
  const { memory, arena, failable, failAllocation, check } = surroundings(options);
  const { parts, maxKeys = 1_048_576 } = options;
  const env = { memory, arena: failable };
  const head = createTable(env, 'the table of the test', 0);
  const { module, functions } = tableModule(options);
  const pages = memory.buffer.byteLength / 65_536;
  const bytes = encode({
    name: 'table',
    memory: { shared: memory.shared, initialPages: pages, maximumPages: pages },
    functions: [...module.helpers, ...functions],
    exports: new Map(functions.map((fn) => [fn.name, fn])),
  });
  const scratch = arena.allocate(Math.max(1, module.scratchBytes / 8), 'scratch');
  let failure: unknown;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: {
      memory: memory.wasm,
      table0: 8 * head,
      scratch: 8 * scratch,
      allocate(words: number) {
        try {
          return failable.allocate(words, 'the table of the test');
        } catch (error) {
          failure = error;
          return 0;
        }
      },
      release: (address: number) => arena.free(address),
    },
  });
  const { find, insert, erase, taken } = exports as unknown as Record<string, Call>;
  const args = (key: readonly Part[]) => key.map((part) => (typeof part === 'boolean' ? Number(part) : part));
  const wordOf = (bytes = 0): number => (bytes >>> 0) / 8;
  const header = (cell: number): number => memory.i32[2 * head + cell] as number;
  return {
    memory,
    arena,
    head,
    failAllocation,
    find: (key) => wordOf(find?.(...args(key))),
    insert(key) {
      const at = wordOf(insert?.(...args(key)));
      if (at !== 0) return at;
      if (header(TABLE_COUNT) === maxKeys) throw fail('TABLE_FULL', { operator: 'the test', maxKeys });
      throw failure;
    },
    erase(key) {
      const at = find?.(...args(key)) ?? 0;
      if (at !== 0) erase?.(at);
      return at !== 0;
    },
    entries: () =>
      Array.from({ length: header(TABLE_IDS) }, (_, id) => wordOf(taken?.(id)))
        .filter((at) => at !== 0)
        .map((at) => at - parts.length),
    check: () => check(head),
    dispose() {
      disposeTable(env, head);
      arena.free(scratch);
    },
  };
};
