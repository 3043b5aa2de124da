// What the other folders use of journals.
export { createBell, freeBell, nap, ring, sleepUntilRung, sleepUntilRungAsync } from './bell.js';
export { sharedNow } from './clock.js';
export { EndKind, MAX_PAYLOAD_BYTES } from './descriptor.js';
export {
  claimHistogram,
  createHistogram,
  GREATEST_VALUE,
  type HistogramDigits,
  type HistogramMemory,
  type HistogramShape,
  histogramWords,
  openHistogramMemory,
  ownHistogram,
  releaseHistogram,
} from './histogram.js';
export { readHistogram, resetHistogram } from './histogram-reader.js';
export {
  type HdrLike,
  type HdrRequest,
  HistogramSnapshot,
} from './histogram-snapshot.js';
export { carry, HistogramWriter, recordShared } from './histogram-writer.js';
export { leaveInPlace } from './in-place.js';
export {
  createJournal,
  DEFAULT_CAPACITY,
  droppedRecords,
  endKind,
  endPayload,
  freeJournal,
  isWriterWaiting,
  type Journal,
  type JournalHandle,
  type JournalOptions,
  joinReader,
  journalWords,
  leaveReader,
  openJournal,
  publishedSequence,
  type Retain,
  readerPosition,
} from './journal.js';
export { NS_PER_MS } from './latency-timer.js';
export { createMarks, MarkReader, type MarksShape, MarkWriter, marksWords } from './marks.js';
export { type Measure, openMeasure } from './measures.js';
export {
  claimProgress,
  createProgress,
  PROGRESS_WORDS,
  type ProgressCount,
  type ProgressShape,
  readProgress,
  releaseProgress,
} from './progress.js';
export { JournalReader } from './reader.js';
export { claimSlots, releaseSlots } from './slot-index.js';
export { SlotReader } from './slot-reader.js';
export { SlotWatch } from './slot-watch.js';
export { SlotWriter } from './slot-writer.js';
export { createSlots, openSlots, type Slots, type SlotsShape, slotsWords } from './slots.js';
export { Stamps, type StampsPlan } from './stamps.js';
export { type Crowd, NAP_CAPACITY, NAP_MS, PARK_MS, spinsBeforeSleep, type WaitStrategy } from './wait.js';
export { JournalWriter } from './writer.js';
