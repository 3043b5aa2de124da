// The RxJS edges.
export { createEngine, Engine, type LoopInputs } from './engine.js';
export { FileJournal } from './file-journal.js';
export { type FusedOptions, fused } from './fused.js';
export { KeptJournal, type KeptJournalOptions } from './kept-journal.js';
export { openProgress, Progress } from './progress.js';
export { type LatencyOfOptions, Records } from './records.js';
export { Replay } from './replay.js';
export { openSlots, type SlotChange, SlotStore } from './slots.js';
export { type RecordWriter, Source } from './source.js';
export { Stage } from './stage.js';
