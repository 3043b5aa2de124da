// The engines of this thread, and whether one of them is just delivering.
import { platform } from '../runtime/platform/index.js';
import type { Engine } from './engine.js';
import type { Graph } from './graph.js';

const engines = new Set<Engine>();
/** What workers have printed is printed even if the thread ends before its event loop gets another turn. */
let forgetEnding = () => {};
/** Whose listeners are being called: of all deliveries on the stack, whatever the engine, the innermost. */
let delivering: Graph | undefined;

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

/** A delivery begins; returns the one that it is called in. */
export function beginDelivery(graph: Graph): Graph | undefined {
  const outer = delivering;
  delivering = graph;
  return outer;
}

/** The innermost delivery ends. */
export function endDelivery(outer: Graph | undefined): void {
  delivering = outer;
}

/** The graph by whose listener the code that runs was called, if it was. */
export function innermostDelivery(): Graph | undefined {
  return delivering;
}

/** Whether the code that runs was called by a listener, of whatever engine. */
export function isWithinDelivery(): boolean {
  return delivering !== undefined;
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
