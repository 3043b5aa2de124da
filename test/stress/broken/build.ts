// What broken builds are made of: the files that are patched, texts that several patches replace, scenarios.
import type { Patch } from '../../patched-bundle.mjs';
import type { FaultKind } from '../orders.js';
import type { Fixed, ReaderPlan } from '../scenario.js';

export interface BrokenBuild {
  /** The model and the macro that breaks it; of what has no model, what it is and how it is broken. */
  readonly model: string;
  readonly macro: string;
  readonly patches: readonly Patch[];
  /** Scenarios in which it shows. */
  readonly fixed: Fixed;
  /** As what it may show. */
  readonly faults: readonly FaultKind[];
}

export const WRITER = 'src/journal/writer.ts';
export const READER = 'src/journal/reader.ts';
export const JOURNAL = 'src/journal/journal.ts';
export const BELL = 'src/journal/bell.ts';
export const SEQUENCE = 'src/journal/sequence.ts';
export const COPIES = 'src/engine/lapped-copies.ts';
export const SLOT_WRITER = 'src/journal/slot-writer.ts';
export const SLOT_READER = 'src/journal/slot-reader.ts';
export const SLOT_INDEX = 'src/journal/slot-index.ts';
export const SLOT_WATCH = 'src/journal/slot-watch.ts';
export const HISTOGRAM = 'src/journal/histogram.ts';
export const HISTOGRAM_WRITER = 'src/journal/histogram-writer.ts';
export const HISTOGRAM_READER = 'src/journal/histogram-reader.ts';
export const MARKS = 'src/journal/marks.ts';
export const OWNER_CELL = 'src/journal/by-hand/owner.ts';
export const WRITER_BY_HAND = 'src/journal/by-hand/writer.ts';
export const CHECKED_READER = 'test/stress/roles/checked-reader.ts';
export const RELAY = 'test/stress/roles/relay.ts';
export const WAITING = 'test/stress/waiting.ts';

/** One reader that holds the writer back, and sleeps at once. */
export const GATING: ReaderPlan = { gating: true, wait: 'park', slice: 8, pauses: 4, leavesAfter: 0 };
/** One that sleeps as rarely as can be without two free cores. */
export const AWAKE: ReaderPlan = { ...GATING, wait: 'hybrid' };
export const LAPPED: ReaderPlan = { gating: false, wait: 'hybrid', slice: 64, pauses: 4, leavesAfter: 0 };

/** One writer and its readers, nothing else. */
export const PLAIN: Fixed = {
  kind: 'journal',
  retain: 'ring',
  jitter: true,
  visitors: { count: 0 },
  relay: null,
  writer: { looks: 8, dies: false, refuses: 0, settles: false },
};
/** Threads that sleep as often as can be. */
export const SLEEPY: Fixed = {
  ...PLAIN,
  capacity: 2,
  readers: [GATING],
  writer: { ...PLAIN.writer, wait: 'park', batch: 1 },
};
/** Many short scenarios, each of which has an end. */
export const SHORT: Fixed = { ...SLEEPY, capacity: 8, records: 20 };
export const RACING: Fixed = {
  ...PLAIN,
  capacity: 8,
  readers: [LAPPED],
  writer: { ...PLAIN.writer, batch: 4 },
};
export const VISITED: Fixed = {
  ...PLAIN,
  capacity: 2,
  readers: [],
  visitors: { count: 2, visits: 1_000_000, stays: 2 },
  writer: { ...PLAIN.writer, wait: 'hybrid' },
};
export const RETAINED: Fixed = {
  ...PLAIN,
  retain: 'append',
  capacity: 2_000,
  readers: [],
  visitors: { count: 3, visits: 1_000_000, stays: 2 },
  writer: { ...PLAIN.writer, batch: 2, settles: true },
};
export const SEQUENCES: Fixed = { kind: 'sequences', jitter: false };

export const PUBLISHED = '    storeSequence(this.memory, this.publishedCell, this.published, before);\n';
export const CLAIMED =
  '    storeSequence(this.memory, this.journal.cell + at.CLAIMED, claimed, this.claimed);\n';
export const POSITION = '    storeSequence(this.memory, this.cell + at.POSITION, this.sequence, before);\n';
export const RING_WRITER =
  '    const writer = this.memory.cells.load(this.memory.i32, this.journal.cell + at.WRITER_BELL);\n' +
  '    if (writer !== 0) ring(this.memory, writer);\n';
export const STORED = '    cells.store(i32, cell + HI, hi);\n';
export const STORED_LO = '    cells.store(i32, cell + LO, lowBits(sequence));\n';
export const STORED_AGAIN = '    cells.store(i32, cell + HI_AGAIN, hi);\n';
export const LOAD_AGAIN = '    const again = cells.load(i32, cell + HI_AGAIN);\n';
export const LOAD_LO = '    const lo = cells.load(i32, cell + LO);\n';
export const LOAD_HI = '    const hi = cells.load(i32, cell + HI);\n';
/** The last that is stored of a line before its state. */
export const OWNER = '  i32[cell + at.READER_OWNER] = options.owner ?? 0;\n';
export const ADD_VERSION = '  cells.add(i32, journal.cell + at.READERS_VERSION, 1);\n';
export const PLACE = '        storeSequence(memory, cell + at.POSITION, this.next, -1);\n';
export const COMPARE = '        cells.compareExchange(i32, cell + at.READER_STATE, found, joined);\n';
