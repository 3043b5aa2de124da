// Which core each worker is pinned to.
import { fail } from '../errors/index.js';
import type { Pin } from '../runtime/messages.js';
import { platform } from '../runtime/platform/index.js';

/**
 * What pins a worker to a core.
 *
 * @throws {Error} PINNING_UNAVAILABLE where threads can't be pinned.
 * @throws {RangeError} CORE for one that is not for this process.
 */
export function pinTo(core: number): Pin {
  const { cores, koffi } = pinning();
  if (!cores.includes(core)) throw fail('CORE', { core, allowed: cores.join(', ') });
  return { core, koffi };
}

/** As {@link pinTo}, for the worker of a rank: they share all cores but the first, which is left to the engine's thread. */
export function pinByRank(rank: number): Pin {
  const { cores, koffi } = pinning();
  const spare = cores.length > 1 ? cores.slice(1) : cores;
  return { core: spare[rank % spare.length] as number, koffi };
}

/** @throws {Error} PINNING_UNAVAILABLE */
export function pinning(): { readonly cores: readonly number[]; readonly koffi: string } {
  const found = platform().pinning();
  if ('why' in found) throw fail('PINNING_UNAVAILABLE', { why: found.why });
  return found;
}
