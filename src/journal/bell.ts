// Bells: how a thread sleeps until another has something for it, without ever missing the call.
//
// A bell is one cell of a thread: 0 while it is awake, 1 while it sleeps or is about to. Whoever publishes, moves a
// cursor or raises a flag does so first and looks at the bell afterwards; whoever goes to sleep sets the bell first and
// looks for work afterwards. All of these are sequentially consistent, so at least one of the two sees the other.
import {
  type Arena,
  LINE_CELLS,
  LINE_WORDS,
  type Memory,
  RegionKind,
  sleep,
  sleepAsync,
} from '../memory/index.js';

const AWAKE = 0;
const ASLEEP = 1;

/**
 * Cell index of a new bell, in a line of its own.
 *
 * @param thread The number of the thread whose it is.
 */
export function createBell(arena: Arena, thread = 0): number {
  const use = { kind: RegionKind.BELL, of: thread };
  return (arena.allocate(LINE_WORDS, 'a bell', use) / LINE_WORDS) * LINE_CELLS;
}

/** Gives back the line of a bell that no thread uses any more. */
export function freeBell(arena: Arena, bell: number): void {
  arena.free((bell / LINE_CELLS) * LINE_WORDS);
}

/** Wakes the thread of a bell if it sleeps. To be called after what it shall see has been stored. */
export function ring(memory: Memory, bell: number): void {
  const { cells, i32 } = memory;
  if (cells.load(i32, bell) !== AWAKE) {
    cells.store(i32, bell, AWAKE);
    cells.notify(i32, bell);
  }
}

/**
 * Blocks this thread until its bell rings or the time is over, unless there is something to do.
 *
 * @param isReady Looks for something to do; called once the bell is set.
 */
export function sleepUntilRung(
  memory: Memory,
  bell: number,
  isReady: () => boolean,
  timeoutMs: number,
): void {
  const { cells, i32 } = memory;
  cells.store(i32, bell, ASLEEP);
  if (!isReady()) sleep(i32, bell, ASLEEP, timeoutMs);
  cells.store(i32, bell, AWAKE);
}

/** Blocks this thread for some time, and leaves its bell alone: nobody rings who is awake. */
export function nap({ i32 }: Memory, bell: number, ms: number): void {
  sleep(i32, bell, AWAKE, ms);
}

/**
 * As {@link sleepUntilRung}, without blocking; resolves at once if there is something to do.
 *
 * @param isOver Whether the thread was woken by something else meanwhile. It may be asleep anew, so the bell is left alone.
 * @returns Whether the bell rang, or there was something to do, before the time was over.
 */
export async function sleepUntilRungAsync(
  memory: Memory,
  bell: number,
  isReady: () => boolean,
  timeoutMs: number,
  isOver: () => boolean,
): Promise<boolean> {
  const { cells, i32 } = memory;
  cells.store(i32, bell, ASLEEP);
  const rung = isReady() || (await sleepAsync(i32, bell, ASLEEP, timeoutMs)) !== 'timed-out';
  if (!isOver()) cells.store(i32, bell, AWAKE);
  return rung;
}
