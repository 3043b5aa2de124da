// Waiting for room in a full journal on the engine's own thread, without ever waiting for oneself.
import { fail, WouldDeadlockError } from '../errors/index.js';
import { type JournalWriter, NAP_CAPACITY, NAP_MS, nap, sleepUntilRung } from '../journal/index.js';
import { platform } from '../runtime/platform/index.js';
import type { Engine } from './engine.js';
import { anyDeliveries, drainAll, isWithinDelivery, othersAreBusy } from './engines.js';
import { type Graph, hasPassed } from './graph.js';
import { findObstacle, type Obstacle, obstacleOf } from './obstacles.js';
import type { Outlet } from './outlet.js';

/** Looks at the readers, without anything else to do, before the thread sleeps. */
const SPINS = 100;
/** Longest sleep between two looks at the workers. */
const SLICE_MS = 2;
/** The same while other engines are busy: their workers ring other bells. */
const SHORT_SLICE_MS = 0.05;

/**
 * Returns once a journal has room, or nobody needs it any more: its graph has been taken down, it is over for who waits,
 * or the engine is closed meanwhile and the time for that has passed.
 *
 * Meanwhile it delivers what waits for listeners of this thread, of all engines. Not so if the wait is itself within a
 * delivery or an inline stage: then only what is in the way is delivered, since a listener of something else may feed
 * the very pipeline that is being delivered, and would find it full. When there is nothing to deliver it spins briefly; then,
 * in slices, it checks that the workers live and sleeps until a reader moves.
 *
 * @param writer The journal's writer; it is left with the engine's bell, if this thread slept.
 * @param isOver Whether whoever waits no longer has a use for the room.
 * @param progress Does what this thread can do to make room; whether it did something.
 * @returns Whether it has waited: false where this thread may not block, and there is no room yet.
 * @throws {WouldDeadlockError} When only the code that waits could make room.
 */
export function waitForRoom(
  outlet: Outlet<unknown>,
  writer: JournalWriter,
  isOver: () => boolean,
  progress: () => boolean,
): boolean {
  const { engine, graph } = outlet;
  const { memory, bell } = engine;
  const isNested = isWithinDelivery() || engine.inline.isRunning(graph);
  const isReady = () =>
    writer.look() > 0 || findObstacle(outlet) !== undefined || (!isNested && anyDeliveries());
  let spins = 0;
  let mayNap = outlet.journal.capacity >= NAP_CAPACITY;
  // What is delivered meanwhile may take the very graph down, end its source or close the engine.
  while (!graph.isDisposed && !isOver() && writer.look() === 0) {
    const progressed = progress();
    const delivered = !isNested && drainAll();
    if (progressed || delivered || clear(outlet, findObstacle(outlet))) {
      spins = 0;
      continue;
    }
    if (++spins < SPINS) continue;
    engine.checkWorkers();
    if (engine.isOverdue) continue;
    // What a worker had to say may have been heard by somebody who took the graph down.
    if (graph.isDisposed || writer.look() > 0) break;
    if (!platform().canBlock) return false;
    if (mayNap) {
      mayNap = false;
      nap(memory, bell, NAP_MS);
      continue;
    }
    writer.setBell(bell);
    sleepUntilRung(memory, bell, isReady, othersAreBusy(engine) ? SHORT_SLICE_MS : SLICE_MS);
  }
  return true;
}

/**
 * Returns once a graph's stages have processed all that its source has taken, or at once where waiting could never end, since
 * the code that waits is in the way: then what is still under way is processed later. Listeners are called only where they are
 * in the way.
 */
export function letPass(engine: Engine, graph: Graph): void {
  graph.source.flush();
  // Of what another thread writes none comes before or after what this one does.
  if (graph.isFed) return;
  const { memory, bell } = engine;
  // A listener in the way may take the very graph down, and so does a worker that is terminated because it is late.
  for (let spins = 0; !graph.isDisposed; spins++) {
    const behind = graph.groups.find((group) => !hasPassed(group));
    if (behind === undefined) return;
    const obstacle = obstacleOf(behind);
    if (obstacle?.never !== undefined) return;
    if (obstacle?.clear()) spins = 0;
    if (spins < SPINS) continue;
    engine.checkWorkers();
    if (!engine.isOverdue && platform().canBlock) {
      sleepUntilRung(memory, bell, () => hasPassed(behind), SHORT_SLICE_MS);
    }
  }
}

/** Throws where the caller is called by a listener of a graph: a full source of the same graph would wait for it. */
export function refuseWithinDelivery({ graph, name }: Outlet<unknown>): void {
  if (graph.deliveries === 0) return;
  throw wouldDeadlock(name, 'it is full, and the call comes from within a delivery of the same pipeline');
}

/** Clears an obstacle away if this thread can; whether it did something. */
function clear({ name }: Outlet<unknown>, obstacle: Obstacle | undefined): boolean {
  if (obstacle?.never !== undefined) throw wouldDeadlock(name, obstacle.never);
  return obstacle?.clear() ?? false;
}

function wouldDeadlock(source: string, why: string): WouldDeadlockError {
  return new WouldDeadlockError(fail('WOULD_DEADLOCK', { source, why }).message);
}
