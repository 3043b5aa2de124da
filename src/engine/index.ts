// What the RxJS edges use of engines.
export { type LoopInputs, LoopWorker, type LoopWorkerOptions } from './custom-worker.js';
export type { Listener } from './egress.js';
export { Engine, type ProgramCache } from './engine.js';
export { explainStage, type StageExplanation } from './explain.js';
export { FileNode } from './file-node.js';
export { checkReplayOptions, type FileOptions, type ReplayOptions, type TimeUnit } from './file-options.js';
export { openJournal } from './journals.js';
export type { OpenRecord } from './open-records.js';
export type {
  EngineOptions,
  Overflow,
  Placement,
  SlotsOptions,
  SourceOptions,
  StageOptions,
  SubscriptionOptions,
} from './options.js';
export { checkFusedOptions, checkHistogramOptions, describe } from './options.js';
export type { Outlet } from './outlet.js';
export { createParam } from './params.js';
export { keepJournal, persist } from './persist.js';
export { type ProgressHandle, ProgressReader, type ProgressValue } from './progress.js';
export { PullReader } from './pull-reader.js';
export { type EngineMemory, engineMemory, type MemoryKind, type MemoryRegion } from './regions.js';
export { ReplayNode } from './replay-node.js';
export { openSlotStore, SlotStore, type SlotsHandle } from './slot-store.js';
export { SourceNode } from './source-node.js';
export { type DeadLetter, StageNode } from './stage-node.js';
export { entriesOf, type StateOptions, stateOf } from './stage-state.js';
export { type EngineStats, engineStats, type RunState, type SourceStats, type StageStats } from './stats.js';
