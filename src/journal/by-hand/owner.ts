// Who writes a journal by hand: one thread at a time, by a cell of the journal.
//
// The cell holds 0, the number of the thread that writes, or minus the number of a thread whose reader joins while nobody
// writes. Such a reader places itself, as the writer else would; a writer that comes meanwhile spins for these few
// instructions. Whoever knows that a thread has died takes back what it left there.
import {
  EndKind,
  READER_OWNER,
  READER_STATE,
  READERS,
  ReaderState,
  WHOLE_FROM,
  WRITER_OWNER,
} from '../descriptor.js';
import { endKind, type Journal, leaveReader, publishedSequence, readerCell } from '../journal.js';
import { storeSequence } from '../sequence.js';
import { JournalWriter as CoreWriter } from '../writer.js';

const NOBODY = 0;

/** Makes a thread the writer, unless there is one; whether it did. */
export function takeWriting(journal: Journal, thread: number): boolean {
  const { cells, i32 } = journal.memory;
  for (;;) {
    const found = cells.compareExchange(i32, journal.cell + WRITER_OWNER, NOBODY, thread);
    if (found === NOBODY) return true;
    if (found > 0) return false;
  }
}

/** The writer has no more to write for now; another may. */
export function leaveWriting(journal: Journal): void {
  journal.memory.cells.store(journal.memory.i32, journal.cell + WRITER_OWNER, NOBODY);
}

/** Does something while nobody writes; false, and nothing done, if somebody does. */
export function whileNobodyWrites(journal: Journal, thread: number, run: () => void): boolean {
  if (!takeWriting(journal, -thread)) return false;
  try {
    run();
  } finally {
    leaveWriting(journal);
  }
  return true;
}

/** Whether somebody writes or reads a journal. */
export function isInUse(journal: Journal): boolean {
  const { cells, i32 } = journal.memory;
  if (cells.load(i32, journal.cell + WRITER_OWNER) !== NOBODY) return true;
  for (let slot = 0; slot < READERS; slot++) {
    const state = cells.load(i32, readerCell(journal, slot) + READER_STATE);
    if (state !== ReaderState.FREE && state !== ReaderState.LEFT) return true;
  }
  return false;
}

/**
 * Gives back what a thread had of a journal that has died: its readers' lines, and the writing. What it was writing ends
 * with an error, behind what it has published. Of a ring, readers that join later have nothing before that.
 *
 * @param payload The error's text.
 */
export function leaveForThread(journal: Journal, thread: number, payload: string): void {
  const { cells, i32 } = journal.memory;
  for (let slot = 0; slot < READERS; slot++) {
    const line = readerCell(journal, slot);
    const state = cells.load(i32, line + READER_STATE);
    if (state === ReaderState.FREE || i32[line + READER_OWNER] !== thread) continue;
    if (state !== ReaderState.LEFT) leaveReader(journal, slot);
  }
  const owner = cells.load(i32, journal.cell + WRITER_OWNER);
  if (owner === thread && endKind(journal) === EndKind.OPEN) {
    // Nobody knows how many slots it had begun to write; before, what they held could be had.
    storeSequence(journal.memory, journal.cell + WHOLE_FROM, publishedSequence(journal), -1);
    new CoreWriter(journal).end(EndKind.ERROR, payload);
  }
  if (Math.abs(owner) === thread) leaveWriting(journal);
}
