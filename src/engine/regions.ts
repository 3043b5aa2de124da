// What an engine's memory is used for: every region that is taken, and every one that a pipeline will take.
import { composeModules, moduleWords, type TableSpec } from '../compiler/index.js';
import { ARENA_BYTES, RegionKind, regionBytes, type TakenBlock } from '../memory/index.js';
import { tableBytes } from '../operator/table-bytes.js';
import type { Engine } from './engine.js';
import type { Graph } from './graph.js';
import type { StageNode } from './stage-node.js';

/** A part of an engine's memory. Bytes include the headers of blocks, 128 each. */
export interface MemoryRegion {
  /**
   * What it is:
   * - `arena`: the allocator's own lists;
   * - `text table`: the texts of all `text` fields, and where each of them lies;
   * - `journal`: slots, and the cursors of its writer and readers;
   * - `counters`: of a stage, with the scratch records of what runs on JavaScript;
   * - `module`: of stages that run through each other as WebAssembly, by the name of the first: scratch records, constants,
   *   states without a key, and up to 16 KiB for each keyed table;
   * - `keyed state`, `keyed table`: entries and their index; grows with the keys;
   * - `bell`, `control`: lines by which threads are woken and told what to do;
   * - `parameter`: a live parameter;
   * - `copies`: of records, for a subscriber with `overflow: 'drop-oldest'` or `'error'`;
   * - `record`: one that is being written while others are taken;
   * - `slot store`: latest values, two copies of each, and the index of their keys;
   * - `histogram`: what was measured, five cells of 4 bytes for each bucket;
   * - `progress`: what `progress` counts;
   * - `marks`: of a journal, when some of its records were handed in (`stampEvery`);
   * - `other`: anything else.
   */
  readonly kind: MemoryKind;
  /** The name of the source, stage, journal, histogram or worker whose it is, or of the engine. */
  readonly owner: string;
  /** Of a keyed state or table: the operator's name. */
  readonly operator?: string;
  /** Of a keyed table: its name in the operator's step. */
  readonly table?: string;
  /** Of a keyed state or table: how many keys it may have. */
  readonly maxKeys?: number;
  /** Of a keyed state or table: bytes of key and state, for each key. */
  readonly entryBytes?: number;
  /** Bytes that it takes now; 0 if it is taken only once records come. */
  readonly bytes: number;
  /**
   * Bytes that it takes at most; of keyed states and tables with `maxKeys` keys, where hashes are spread as usual (and while
   * the index grows, up to 4 KiB and a copy of its lists more).
   */
  readonly bound: number;
}

export type MemoryKind = (typeof NAMES)[RegionKind] | 'arena' | 'keyed state' | 'keyed table';

/** What an engine's memory is used for, made by `engine.memory()`. */
export interface EngineMemory {
  /** Every region, those that are not yet taken among them. */
  readonly regions: readonly MemoryRegion[];
  /** Bytes that are taken: the sum over all regions. */
  readonly used: number;
  /** Bytes that are not, perhaps not in one piece. */
  readonly free: number;
  /** Bytes of the memory: the maximum, which never grows. */
  readonly size: number;
  /** The sum of all bounds. More than `size` where keyed states have a higher `maxKeys` than they could all reach. */
  readonly bound: number;
}

const NAMES = {
  [RegionKind.OTHER]: 'other',
  [RegionKind.TEXTS]: 'text table',
  [RegionKind.JOURNAL]: 'journal',
  [RegionKind.COUNTERS]: 'counters',
  [RegionKind.MODULE]: 'module',
  [RegionKind.TABLE]: 'keyed table',
  [RegionKind.BELL]: 'bell',
  [RegionKind.CONTROL]: 'control',
  [RegionKind.PARAMETER]: 'parameter',
  [RegionKind.COPIES]: 'copies',
  [RegionKind.RECORD]: 'record',
  [RegionKind.SLOTS]: 'slot store',
  [RegionKind.HISTOGRAM]: 'histogram',
  [RegionKind.PROGRESS]: 'progress',
  [RegionKind.MARKS]: 'marks',
} as const satisfies Record<RegionKind, string>;

/** What an engine's memory is used for, as of now. Workers that take or free memory wait meanwhile. */
export function engineMemory(engine: Engine): EngineMemory {
  const planned = [...engine.graphs].flatMap((graph) => (graph.isSealed ? [] : plannedModules(graph)));
  const regions = [...countRegions(engine).map(({ floor: _, ...region }) => region), ...planned];
  const sum = (of: 'bytes' | 'bound') => regions.reduce((total, region) => total + region[of], 0);
  const used = sum('bytes');
  const size = engine.memory.buffer.byteLength;
  return { regions, used, free: size - used, size, bound: sum('bound') };
}

/** A region, and how many bytes it needs whatever comes. */
interface CountedRegion extends MemoryRegion {
  /** What it has; for a table whose `maxKeys` was given, the fewest bytes that it gets by with when it has them all. */
  readonly floor: number;
}

/**
 * All regions but those of modules that have yet to be taken.
 *
 * @param own A graph whose tables count by their `maxKeys` even if it is made for a subscription.
 */
export function countRegions(engine: Engine, own?: Graph): CountedRegion[] {
  const graphs = [...engine.graphs, ...engine.disposal.graphs];
  const owners = ownersOf(engine, graphs);
  const tables = new Map<string, number>();
  const regions: CountedRegion[] = [fixed('arena', engine.name, ARENA_BYTES)];
  for (const block of engine.arena.blocks()) {
    const { kind, bytes } = block;
    if (kind === RegionKind.TABLE) {
      const key = tableKey(block);
      tables.set(key, (tables.get(key) ?? 0) + bytes);
    } else regions.push(fixed(NAMES[kind] ?? 'other', owners.get(ownerKey(block)) ?? engine.name, bytes));
  }
  for (const graph of graphs) {
    const keepsPromise = (graph === own || !graph.isTransient) && !graph.isDisposed;
    for (const stage of graph.stages) {
      for (const table of stage.program.tables) {
        const key = tableKey({ of: stage.outlet.journal.address, table: table.id });
        const bytes = tables.get(key) ?? 0;
        tables.delete(key);
        const region = keyed(stage, table, bytes);
        const floor = keepsPromise && table.isBounded ? Math.max(bytes, boundsOf(table).least) : bytes;
        regions.push({ ...region, floor });
      }
    }
  }
  // Of stages that are gone, whose worker has yet to give it back.
  for (const bytes of tables.values()) regions.push(fixed('keyed table', engine.name, bytes));
  return regions;
}

function fixed(kind: MemoryKind, owner: string, bytes: number): CountedRegion {
  return { kind, owner, bytes, bound: bytes, floor: bytes };
}

function keyed(stage: StageNode<unknown>, table: TableSpec, bytes: number): MemoryRegion {
  const { name, operator, maxKeys, entryBytes } = table;
  const isState = name === 'state' && stage.program.operators[operator]?.key !== undefined;
  return {
    kind: isState ? 'keyed state' : 'keyed table',
    owner: stage.name,
    operator: stage.program.operators[operator]?.name ?? '',
    ...(isState ? {} : { table: name }),
    maxKeys,
    entryBytes,
    bytes,
    bound: Math.max(bytes, boundsOf(table).most),
  };
}

/** Bytes of a table with as many keys as it may have. */
export function boundsOf({ keys, value, maxKeys }: TableSpec): { least: number; most: number } {
  return tableBytes({ keyWords: keys.length, stateWords: value?.layout.words ?? 0, maxKeys });
}

/** The modules that a graph will take memory for once its first record comes. */
function plannedModules(graph: Graph): MemoryRegion[] {
  return graph.groupings().flatMap(({ stages, parents }) => {
    const group = stages.map(({ compiled }, i) => ({ compiled, parent: parents[i] as number }));
    const name = stages[0]?.name ?? '';
    return composeModules(name, group, graph.engine.moduleMemory).map(
      ({ program }): MemoryRegion => ({
        kind: 'module',
        owner: name,
        bytes: 0,
        bound: regionBytes(moduleWords(program)),
      }),
    );
  });
}

function tableKey({ of, table }: Pick<TakenBlock, 'of' | 'table'>): string {
  return `${of} ${table}`;
}

/** Threads and journals are counted from different numbers. */
function ownerKey({ kind, of, address }: TakenBlock): string {
  if (kind === RegionKind.BELL || kind === RegionKind.CONTROL) return `thread ${of}`;
  if (kind === RegionKind.SLOTS) return `slots ${address}`;
  if (kind === RegionKind.HISTOGRAM || kind === RegionKind.PROGRESS) return `measure ${address}`;
  return `journal ${kind === RegionKind.JOURNAL ? address : of}`;
}

function ownersOf(engine: Engine, graphs: readonly Graph[]): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { name, thread } of engine.pool.workers) owners.set(`thread ${thread}`, name);
  for (const [address, name] of engine.slotStores.names) owners.set(`slots ${address}`, name);
  for (const { name, address } of engine.measures.all) owners.set(`measure ${address}`, name);
  for (const { name, address } of engine.journals.all) owners.set(`journal ${address}`, name);
  for (const graph of graphs) {
    for (const { name, journal } of graph.outlets) owners.set(`journal ${journal.address}`, name);
  }
  return owners;
}
