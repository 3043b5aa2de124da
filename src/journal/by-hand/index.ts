// Journals by hand: what users and the other folders use of them.
export { encodeError } from './failure.js';
export { forgetHere, usersHere } from './here.js';
export { Histogram, type HistogramHandle, type HistogramOptions, openHistogram } from './histogram.js';
export { handleOf, Journal, type JournalHandle, type JournalParts, openByHandle } from './journal.js';
export type { JournalOptions, JournalReaderOptions, ReaderPlace } from './options.js';
export { isInUse, leaveForThread } from './owner.js';
export { JournalReader } from './reader.js';
export { FOREIGN_THREAD, type JournalThread, type JournalUser } from './thread.js';
export { JournalWriter, type WriterTerms } from './writer.js';
