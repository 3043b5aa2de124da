// The engines that `fused` shares: made on first use, closed soon after the last subscription.
import { Engine as Core } from '../engine/index.js';
import { canShareMemory } from '../memory/index.js';

/** How long a default engine outlives its last subscription: pipelines often follow each other. */
const LINGER_MS = 1_000;

interface Shared {
  readonly core: Core;
  leases: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const engines = new Map<'worker' | 'inline', Shared>();

/** A share in a default engine. */
export interface Lease {
  readonly core: Core;
  release(): void;
}

/** The default engine of a placement; where memory can't be shared, the inline one. */
export function leaseDefaultEngine(wanted: 'worker' | 'inline'): Lease {
  const placement = canShareMemory ? wanted : 'inline';
  let shared = engines.get(placement);
  if (shared === undefined) {
    shared = { core: new Core({ name: 'default', placement }), leases: 0, timer: undefined };
    engines.set(placement, shared);
  }
  const taken = shared;
  taken.leases++;
  clearTimeout(taken.timer);
  return { core: taken.core, release: () => release(placement, taken) };
}

function release(placement: 'worker' | 'inline', shared: Shared): void {
  if (--shared.leases > 0) return;
  shared.timer = setTimeout(() => {
    engines.delete(placement);
    // What it could reject with, a function that does not return, is of pipelines that nobody listens to any more.
    shared.core.close().catch(() => {});
  }, LINGER_MS);
  // It must not hold the process.
  (shared.timer as { unref?: () => void }).unref?.();
}
