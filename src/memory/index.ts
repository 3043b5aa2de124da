// What the other folders use of memory.
export { Arena, LINE_BYTES, LINE_CELLS, LINE_WORDS } from './arena.js';
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
