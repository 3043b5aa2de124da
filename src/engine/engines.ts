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
