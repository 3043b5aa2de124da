// What the other folders use of memory.
export { ARENA_BYTES, Arena, LINE_BYTES, LINE_CELLS, LINE_WORDS, regionBytes } from './arena.js';
export { type Cells, canSleepAsync, sleep, sleepAsync } from './atomics.js';
export {
  canShareMemory,
  createMemory,
  DEFAULT_MEMORY_BYTES,
  type Memory,
  openMemory,
  PAGE_BYTES,
  WORD_BYTES,
} from './memory.js';
export { RegionKind, type RegionUse, type TakenBlock } from './region-use.js';
