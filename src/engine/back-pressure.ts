// Waiting for room in a full journal on the engine's own thread, without ever waiting for oneself.
import { fail, WouldDeadlockError } from '../errors/index.js';
import { type JournalWriter, sleepUntilRung } from '../journal/index.js';
import { platform } from '../runtime/platform/index.js';
import type { Engine } from './engine.js';
import { anyDeliveries, drainAll, othersAreBusy } from './engines.js';
import type { Graph } from './graph.js';

/** Looks at the readers, without anything else to do, before the thread sleeps. */
const SPINS = 100;
/** Longest sleep between two looks at the workers. */
const SLICE_MS = 2;
/** The same while other engines are busy: their workers ring other bells. */
const SHORT_SLICE_MS = 0.05;

/**
 * Returns once a journal of a graph has room, or the graph has been taken down.
 *
 * Meanwhile it delivers what waits for listeners of this thread (of all engines: they may feed each other). When there is
 * nothing to deliver it spins briefly; then, in slices, it checks that the workers live and sleeps until a reader moves.
 *
 * @param progress Does what this thread can do to make room; whether it did something.
 * @throws {WouldDeadlockError} When the reader in the way is a pull reader of this thread, or the caller is being
 *   delivered to by the same graph: nobody else could make room.
 */
export function waitForRoom(
  engine: Engine,
  graph: Graph,
  writer: JournalWriter,
  progress: () => boolean,
): void {
  const { memory, bell } = engine;
  let spins = 0;
  // What is delivered meanwhile may take the very graph down.
  while (!graph.isDisposed && writer.look() === 0) {
    const progressed = progress();
    if (drainAll() || progressed) {
      spins = 0;
      continue;
    }
    refuseDeadlock(graph, writer);
    if (++spins < SPINS) continue;
    engine.checkWorkers();
    if (writer.look() > 0) return;
    if (!platform().canBlock) continue;
    writer.setBell(bell);
    const slice = othersAreBusy(engine) ? SHORT_SLICE_MS : SLICE_MS;
    sleepUntilRung(memory, bell, () => writer.look() > 0 || anyDeliveries(), slice);
    writer.setBell(0);
  }
}

/**
 * Returns once a graph's stages have processed all that its source has taken, or at once where waiting could never end
 * (see {@link waitForRoom}): then what is still under way is processed later.
 */
export function letPass(engine: Engine, graph: Graph): void {
  graph.source.flush();
  const { memory, bell } = engine;
  for (let spins = 0; !graph.isDisposed && !graph.hasProcessed; spins++) {
    if (isWaitedFor(graph) || engine.inline.isRunning(graph)) return;
    if (drainAll() || engine.runInline(graph)) spins = 0;
    if (spins < SPINS) continue;
    engine.checkWorkers();
    if (platform().canBlock) {
      sleepUntilRung(memory, bell, () => graph.hasProcessed || anyDeliveries(), SHORT_SLICE_MS);
    }
  }
}

/** Why the code that runs now is what the graph waits for, if it is. */
function isWaitedFor(graph: Graph): string | undefined {
  if (graph.deliveries > 0)
    return 'it is full, and the call comes from within a delivery of the same pipeline';
  for (const outlet of graph.outlets) {
    for (const reader of outlet.pullReaders) {
      if (reader.isInTheWay) return `a pull reader of ${outlet.name} on this thread is in the way`;
    }
  }
  return undefined;
}

/** Throws if room in the journal could only come from the code that waits for it. */
export function refuseDeadlock(graph: Graph, writer: JournalWriter): void {
  const why = isWaitedFor(graph);
  if (why === undefined) return;
  throw new WouldDeadlockError(fail('WOULD_DEADLOCK', { source: writer.journal.name, why }).message);
}
