// How the threads wait: as the engine's loops do, but without the safety net of a short sleep.
import { type JournalWriter, sleepUntilRung, type WaitStrategy } from '../../src/journal/index.js';
import type { Memory } from '../../src/memory/index.js';

/** So long that a call which is lost is noticed. */
const FOREVER_MS = 3_600_000;
/** How often a thread looks before it sleeps. */
const SPINS = { spin: Number.POSITIVE_INFINITY, hybrid: 1_000, park: 0 } as const;

/** Returns once there is something to do. */
export function waitUntil(memory: Memory, bell: number, wait: WaitStrategy, isReady: () => boolean): void {
  for (let i = 0; i < SPINS[wait]; i++) if (isReady()) return;
  while (!isReady()) sleepUntilRung(memory, bell, isReady, FOREVER_MS);
}

/** Publishes what is claimed and returns once there is room. */
export function waitForRoom(memory: Memory, bell: number, wait: WaitStrategy, writer: JournalWriter): void {
  writer.publish();
  for (let i = 0; i < SPINS[wait]; i++) if (writer.look() > 0) return;
  while (writer.look() === 0) {
    writer.setBell(bell);
    sleepUntilRung(memory, bell, () => writer.look() > 0, FOREVER_MS);
    writer.setBell(0);
  }
}
