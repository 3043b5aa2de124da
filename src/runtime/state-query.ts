// Questions about the keyed state of a stage, and how the thread that runs it answers: with copies of entries.
import type { TableSpec } from '../compiler/index.js';
import type { Memory } from '../memory/index.js';
import { tableLayout } from '../operator/table-layout.js';
import { TableReader } from '../operator/table-reader.js';

/** A question: for one key, or for the entries from an id on. */
export interface StateQuery {
  readonly id: number;
  /** The stage's place among the engine's. */
  readonly stage: number;
  /** The table's number within its stage. */
  readonly table: number;
  /** The words of a key, in their one form. */
  readonly key?: Float64Array;
  /** The first id that is asked for. */
  readonly from?: number;
}

/** Entries, each its key and its record. */
export interface StateAnswer {
  readonly id: number;
  /** Whether the stage does not run there (any more). */
  readonly gone: boolean;
  /** Their words, as cells. */
  readonly cells: Int32Array;
  /** The id to go on from; -1 if there are no more. */
  readonly next: number;
}

/** Ids that one answer looks at: so much that a loop is not held up, some 10 µs. */
const IDS = 256;

const NOTHING = new Int32Array(0);

/** The answer of a thread that does not run the stage. */
export function gone({ id }: StateQuery): StateAnswer {
  return { id, gone: true, cells: NOTHING, next: -1 };
}

/**
 * Answers a question. To be called by the thread that writes the table, while it does not: between two batches, or where
 * the stage waits for room in the middle of a record.
 *
 * @param head Word address of the table's header.
 */
export function answer(memory: Memory, head: number, spec: TableSpec, query: StateQuery): StateAnswer {
  const { keys, value, maxKeys } = spec;
  const layout = tableLayout(keys.length, value?.layout.words ?? 0, maxKeys);
  const reader = new TableReader(memory, head, layout, keys);
  const { id, key, from = 0 } = query;
  const copy = (entry: number) => memory.i32.slice(2 * entry, 2 * (entry + layout.entryWords));
  if (key !== undefined) {
    const entry = reader.find({ f64: key, i32: new Int32Array(key.buffer) }, 0);
    return { id, gone: false, cells: entry === 0 ? NOTHING : copy(entry), next: -1 };
  }
  const { ids } = reader;
  const end = Math.min(ids, from + IDS);
  const entryCells = 2 * layout.entryWords;
  const cells = new Int32Array((end - from) * entryCells);
  let length = 0;
  for (let entryId = from; entryId < end; entryId++) {
    const entry = reader.entry(entryId);
    if (entry === 0) continue;
    cells.set(copy(entry), length);
    length += entryCells;
  }
  return { id, gone: false, cells: cells.slice(0, length), next: end < ids ? end : -1 };
}
