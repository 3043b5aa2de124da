// What is done to a journal in the place of a thread that died, or never came to do it.
import { READER_BELL } from './descriptor.js';
import { type Journal, leaveReader, readerCell } from './journal.js';

/**
 * Gives a reader's line back in the place of its thread, which may have done so itself before it died.
 *
 * If it had, another reader may have taken the line since. Lines name the bell of their thread, and it is another then.
 *
 * @param bell The bell of the thread.
 */
export function leaveInPlace(journal: Journal, slot: number, bell: number): void {
  // Written by the thread that joins readers, which is the one that calls this.
  const line = readerCell(journal, slot);
  if (journal.memory.i32[line + READER_BELL] === bell) leaveReader(journal, slot);
}
