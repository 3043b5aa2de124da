// What a region of the arena was taken for: three numbers that lie in the header of its block, so that whoever walks through the
// blocks can tell. The arena itself makes nothing of them.

/** What a region is. */
export const RegionKind = {
  OTHER: 0,
  /** The text table. */
  TEXTS: 1,
  /** A journal: its slots and the cursors of its writer and readers. */
  JOURNAL: 2,
  /** Counters of a stage, and the scratch records of its units on JavaScript. */
  COUNTERS: 3,
  /** Blocks, scratch records and constants of a WebAssembly module. */
  MODULE: 4,
  /** A part of a keyed table. */
  TABLE: 5,
  /** What a thread sleeps by. */
  BELL: 6,
  /** The control line of a worker, or the line that tells how many workers there are. */
  CONTROL: 7,
  PARAMETER: 8,
  /** Copies of records, for a subscriber that may be lapped. */
  COPIES: 9,
  /** A record that is being written outside of its journal. */
  RECORD: 10,
  /** A slot store. */
  SLOTS: 11,
  /** A histogram. */
  HISTOGRAM: 12,
  /** What `progress` counts. */
  PROGRESS: 13,
  /** When records were handed in that those of a journal come of. */
  MARKS: 14,
} as const;
export type RegionKind = (typeof RegionKind)[keyof typeof RegionKind];

export interface RegionUse {
  readonly kind: RegionKind;
  /** Whose it is: the word address of a source's or a stage's journal, or the number of a worker's thread; else 0. */
  readonly of?: number;
  /** Of a keyed table: which one of its stage (see `TableSpec.id`). */
  readonly table?: number;
}

/** A block of the arena that is taken. */
export interface TakenBlock extends Required<RegionUse> {
  /** Word address of its region. */
  readonly address: number;
  /** Its bytes, the header included. */
  readonly bytes: number;
}
