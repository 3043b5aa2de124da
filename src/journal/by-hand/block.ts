// Waiting for a journal by hand: blocking the thread, or without that.
import { fail, WouldDeadlockError } from '../../errors/index.js';
import { canSleepAsync, type Memory } from '../../memory/index.js';
import { sleepUntilRung, sleepUntilRungAsync } from '../bell.js';
import { PARK_MS } from '../wait.js';
import type { JournalThread } from './thread.js';

/** Looks before the thread sleeps: some tens of microseconds. */
const SPINS = 500;
/** How often it looks where nobody can ring: all users are of this thread then. */
const POLL_MS = 1;

/**
 * Blocks the thread until something holds or the time is over; returns whether it holds.
 *
 * @param what Named where it may not block.
 * @throws {WouldDeadlockError} If this thread may not block.
 */
export function block(
  memory: Memory,
  thread: JournalThread,
  bell: number,
  isReady: () => boolean,
  timeoutMs: number,
  what: string,
): boolean {
  for (let spins = 0; spins < SPINS; spins++) if (isReady()) return true;
  const end = performance.now() + timeoutMs;
  for (;;) {
    thread.whileBlocked?.();
    if (isReady()) return true;
    const left = end - performance.now();
    if (!(left > 0)) return false;
    if (!thread.canBlock || !memory.shared) {
      const why = memory.shared ? 'this thread may not block' : 'no other thread sees this memory';
      throw new WouldDeadlockError(fail('WOULD_DEADLOCK', { source: what, why }).message);
    }
    const isOver = () => isReady() || thread.isInterrupted?.() === true;
    sleepUntilRung(memory, bell, isOver, Math.min(left, thread.sliceMs ?? PARK_MS));
  }
}

/** Resolves once something holds. Holds the process meanwhile. */
export async function untilReady(memory: Memory, bell: number, isReady: () => boolean): Promise<void> {
  while (!isReady()) {
    const ms = canSleepAsync && memory.shared ? PARK_MS : POLL_MS;
    let isOver = false;
    await new Promise<void>((resolve) => {
      const wake = () => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        resolve();
      };
      // What holds the process; it also ends a sleep that the bell does not.
      const timer = setTimeout(wake, ms);
      if (ms === PARK_MS) void sleepUntilRungAsync(memory, bell, isReady, ms, () => isOver).then(wake);
    });
  }
}
