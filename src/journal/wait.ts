// Wait strategies: what a thread does while there is nothing to read.

/**
 * - `spin`: looks again and again; lowest latency, one core busy.
 * - `hybrid`: spins for a while, then sleeps until its bell rings.
 * - `park`: sleeps at once.
 *
 * Where an engine has more workers than cores to spare, threads that spin keep those from running that have something to do:
 * then `spin` is for as many workers as there are such cores, in the order in which they were started, and all others park.
 */
export type WaitStrategy = 'spin' | 'hybrid' | 'park';

/** How a worker stands among those of its engine. */
export interface Crowd {
  /** How many others were there when it was started, and had not ended. */
  readonly rank: number;
  /** Cores for workers: all but the one of the engine's thread, at least one. */
  readonly spareCores: number;
}

/** How often a hybrid reader looks before it sleeps: some 50 to 100 µs, about what waking it costs. */
const HYBRID_SPINS = 1_000;

/** Longest sleep of a parked thread: a safety net, since bells wake it. */
export const PARK_MS = 1_000;

/**
 * A nap that no bell ends, in milliseconds, for who waits for room. Whoever rings for each batch of a full journal makes a call to the
 * system for each; a long journal has work enough for its readers meanwhile.
 */
export const NAP_MS = 0.05;

/** What readers that do ten million records a second and more don't get through in a nap: from this capacity on. */
export const NAP_CAPACITY = 8_192;

/**
 * How often a worker of this strategy looks before it sleeps.
 *
 * @param workers How many there are now.
 */
export function spinsBeforeSleep(
  strategy: WaitStrategy,
  { rank, spareCores }: Crowd,
  workers: number,
): number {
  if (strategy === 'spin') return rank < spareCores ? Number.POSITIVE_INFINITY : 0;
  return strategy === 'hybrid' && workers <= spareCores ? HYBRID_SPINS : 0;
}
