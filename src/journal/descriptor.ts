// Where everything lies in a journal's region. Only offsets; no code reads or writes memory here.
//
//   line 0        descriptor      written once, before the journal is handed to anybody
//   line 1        writer          `published` and `claimed`, written by the writer only
//   line 2        control         readers' version, the end, the writer's bell
//   line 3 …      readers         one line each: position and state, written by the reader (state also by the writer)
//   then          end payload     UTF-8 text of the error that ended the journal, written once by the writer
//   then          slots           capacity × record words, written by the writer only
//
// A cursor is a sequence up to 2^53 in three 32-bit cells: `lo`, `hi` and a second copy of `hi` (see sequence.ts).
// Offsets are counted in 32-bit cells from the start of the region; a line has 32 of them (128 bytes), so that no two
// threads write to one pair of cache lines.
import { LINE_CELLS } from '../memory/index.js';

// Line 0, the descriptor.
export const CAPACITY = 0;
export const RECORD_WORDS = 1;
/** 0 for a ring, 1 for append. */
export const RETAIN = 2;
export const MAX_READERS = 3;
/** Word address of the first slot. */
export const SLOTS = 4;
/** Word address of the end payload. */
export const PAYLOAD = 5;
/** The sequence of the first record, as an f64 in two cells. */
export const START = 6;

// Line 1, the writer's cursors.
/** Sequence after the last record that readers may read. */
export const PUBLISHED = 1 * LINE_CELLS;
/** Sequence up to which slots may be overwritten right now; kept only while readers may be lapped. */
export const CLAIMED = PUBLISHED + 4;
/** Of a source whose writer drops records: how many it has dropped, as a sequence. */
export const DROPPED = PUBLISHED + 8;

// Line 2, control.
/** Grows with every reader that joins or leaves. */
export const READERS_VERSION = 2 * LINE_CELLS;
export const END_KIND = READERS_VERSION + 1;
/** Bytes of the end payload. */
export const PAYLOAD_BYTES = READERS_VERSION + 2;
/** Cell index of the writer's bell while it waits for room, else 0. */
export const WRITER_BELL = READERS_VERSION + 3;
/** A bell of the writer's own, for writers whose thread has none. */
export const WRITER_OWN_BELL = READERS_VERSION + 4;
/** Of a journal by hand: the number of the thread that writes, 0 if none does, below 0 while a reader joins meanwhile. */
export const WRITER_OWNER = READERS_VERSION + 5;
/** Of a ring by hand whose writer has died: the sequence before which it may have overwritten records that nobody held. */
export const WHOLE_FROM = READERS_VERSION + 6;

// Lines 3 …, readers. Offsets within a reader's line.
export const FIRST_READER = 3 * LINE_CELLS;
/** Sequence of the next record that the reader will read. */
export const POSITION = 0;
export const READER_STATE = 4;
/** Cell index of the bell of the reader's thread. */
export const READER_BELL = 5;
/** A cell of the reader's own, for fences. */
export const READER_FENCE = 6;
/** A bell of the reader's own, for readers whose thread has none. */
export const READER_OWN_BELL = 7;
/** Of a journal by hand: the number of the reader's thread. */
export const READER_OWNER = 8;

/** What a reader's line is in. */
export const ReaderState = {
  /** Nobody's. */
  FREE: 0,
  /** Taken; the writer will place it at its next record. */
  JOINING: 1,
  /** As JOINING, for a reader that does not hold the writer back. */
  JOINING_LAPPED: 2,
  /** Holds the writer back. */
  GATING: 3,
  /** Does not hold the writer back. */
  LAPPED: 4,
  /** Left before it was placed; the writer, which may be placing it right now, makes the line free. */
  LEFT: 5,
  /** Taken by a thread that has not yet said how it reads. */
  TAKEN: 6,
} as const;

/** How a journal ended. */
export const EndKind = { OPEN: 0, COMPLETE: 1, ERROR: 2 } as const;
export type EndKind = (typeof EndKind)[keyof typeof EndKind];

/** Readers that one journal can have at a time. */
export const READERS = 32;
/** Longest end payload. */
export const MAX_PAYLOAD_BYTES = 16_384;
