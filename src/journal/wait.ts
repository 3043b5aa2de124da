// Wait strategies: what a thread does while there is nothing to read.

/**
 * - `spin`: looks again and again; lowest latency, one core busy.
 * - `hybrid`: spins for a while, then sleeps until its bell rings.
 * - `park`: sleeps at once.
 */
export type WaitStrategy = 'spin' | 'hybrid' | 'park';

/** How often a hybrid reader looks before it sleeps: some 50 to 100 µs, about what waking it costs. */
const HYBRID_SPINS = 1_000;

/** Longest sleep of a parked thread: a safety net, since bells wake it. */
export const PARK_MS = 1_000;

/** How often a reader of this strategy looks before it sleeps. */
export function spinsBeforeSleep(strategy: WaitStrategy): number {
  return strategy === 'spin' ? Number.POSITIVE_INFINITY : strategy === 'hybrid' ? HYBRID_SPINS : 0;
}
