// The engines of this thread.
import type { Engine } from './engine.js';

const engines = new Set<Engine>();

export function addEngine(engine: Engine): void {
  engines.add(engine);
}

export function removeEngine(engine: Engine): void {
  engines.delete(engine);
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
