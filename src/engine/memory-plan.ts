// Whether what is to be built can fit into the engine's memory, told before anything runs (docs/decisions/0018-memory-plans.md).
import type { StageProgram, TableSpec } from '../compiler/index.js';
import { fail } from '../errors/index.js';
import type { JournalOptions } from '../journal/by-hand/index.js';
import { DEFAULT_CAPACITY, journalWords, marksWords } from '../journal/index.js';
import { regionBytes } from '../memory/index.js';
import { COUNTER_WORDS } from '../runtime/plan.js';
import type { Struct } from '../schema/index.js';
import type { Engine } from './engine.js';
import type { Graph } from './graph.js';
import type { SourceOptions, StageOptions } from './options.js';
import { boundsOf, countRegions, type MemoryRegion } from './regions.js';

/** A source or a stage that is to be built. */
export interface Planned {
  /** As in `stage alerts`. */
  readonly what: string;
  /** Its graph, if there is one already. */
  readonly graph?: Graph;
  /** Words that it takes at once: its journal's, and others. */
  readonly words: readonly number[];
  readonly tables: readonly TableSpec[];
}

export function planOfSource(struct: Struct<unknown>, options: SourceOptions): Planned {
  return {
    what: `source ${options.name ?? ''}`.trimEnd(),
    words: [sizeOfJournal(struct, options), ...sizeOfMarks(options.capacity, options.stampEvery)],
    tables: [],
  };
}

export function planOfJournal(name: string, struct: Struct<unknown>, options: JournalOptions): Planned {
  return { what: `journal ${name}`, words: [sizeOfJournal(struct, options)], tables: [] };
}

export function planOfStage(
  name: string,
  graph: Graph,
  { output, scratchWords, tables }: StageProgram,
  options: StageOptions,
): Planned {
  const marks = sizeOfMarks(options.capacity, graph.source.stampEvery);
  const words = [sizeOfJournal(output, options), COUNTER_WORDS + scratchWords, ...marks];
  return { what: `stage ${name}`, graph, words, tables };
}

/** A part of a plan, and the bytes that it needs. */
interface Part {
  readonly what: string;
  readonly bytes: number;
}

/**
 * What to throw if it can't fit beside all that is there: what is taken already, and what keyed states and tables take whose
 * `maxKeys` was given. Those of other graphs that are made for a subscription count with what they have.
 */
export function refusalOf(engine: Engine, { what, graph, words, tables }: Planned): Error | undefined {
  const parts: Part[] = countRegions(engine, graph).map((region) => ({
    what: describe(region),
    bytes: region.floor,
  }));
  for (const [i, size] of words.entries()) {
    parts.push({
      what: i > 0 ? `the counters of ${what}` : what.startsWith('journal ') ? what : `the journal of ${what}`,
      bytes: regionBytes(size),
    });
  }
  for (const table of tables.filter(({ isBounded }) => isBounded)) {
    const bytes = boundsOf(table).least;
    parts.push({ what: withKeys(table.purpose, table.maxKeys), bytes });
  }
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const size = engine.memory.buffer.byteLength;
  // A capacity that can't be is told of by who makes the journal.
  if (!(bytes > size)) return undefined;
  const largest = parts.reduce((most, part) => (part.bytes > most.bytes ? part : most));
  return fail('MEMORY_PLAN', { what, bytes, size, largest: largest.what, largestBytes: largest.bytes });
}

function describe({ kind, owner, operator, table, maxKeys = 0 }: MemoryRegion): string {
  if (operator === undefined) return `the ${kind} of ${owner}`;
  const name = table === undefined ? 'the keyed state' : `the table ${table}`;
  return withKeys(`${name} of ${operator} of stage ${owner}`, maxKeys);
}

function withKeys(what: string, maxKeys: number): string {
  return `${what}, with maxKeys ${maxKeys}`;
}

/** Whether there is no room for something, or not enough to promise it. */
export function isOutOfMemory(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'OUT_OF_MEMORY' || code === 'MEMORY_PLAN';
}

/** Words of a journal's marks, if one of so many of the source's records has one. */
function sizeOfMarks(capacity = DEFAULT_CAPACITY, every: number | undefined): number[] {
  return every === undefined || !(capacity > 0) ? [] : [marksWords(capacity, every)];
}

/** Words of the journal that options ask for. */
function sizeOfJournal(
  { layout }: Struct<unknown>,
  { capacity, retain }: Pick<SourceOptions, 'capacity' | 'retain'>,
): number {
  return journalWords({
    recordWords: layout.words,
    ...(capacity === undefined ? {} : { capacity }),
    ...(retain === undefined ? {} : { retain }),
  });
}
