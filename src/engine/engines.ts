// The engines of this thread, and whether one of them is just delivering.
import { platform } from '../runtime/platform/index.js';
import type { Engine } from './engine.js';

const engines = new Set<Engine>();
/** What workers have printed is printed even if the thread ends before its event loop gets another turn. */
let forgetEnding = () => {};
/** Deliveries of all engines that are on the stack. */
let deliveries = 0;

export function addEngine(engine: Engine): void {
  if (engines.size === 0) forgetEnding = platform().onEnding(printAll);
  engines.add(engine);
}

export function removeEngine(engine: Engine): void {
  engines.delete(engine);
  if (engines.size === 0) forgetEnding();
}

function printAll(): void {
  for (const engine of engines) engine.handleMessages();
}

/** A delivery begins (1) or ends (-1). */
export function countDelivery(change: 1 | -1): void {
  deliveries += change;
}

/** Whether the code that runs was called by a listener, of whatever engine. */
export function isWithinDelivery(): boolean {
  return deliveries > 0;
}

/** Delivers a slice of what waits for listeners of this thread. Whether there was something. */
export function drainAll(): boolean {
  let drained = false;
  for (const engine of engines) if (engine.drain()) drained = true;
  return drained;
}

/** Whether something waits for a listener of this thread. */
export function anyDeliveries(): boolean {
  for (const engine of engines) if (engine.hasDeliveries) return true;
  return false;
}

/** Whether another engine of this thread has records under way. */
export function othersAreBusy(engine: Engine): boolean {
  for (const other of engines) if (other !== engine && !other.isQuiet) return true;
  return false;
}
