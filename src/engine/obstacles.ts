// What a full journal waits for, as this thread sees it: something that it can clear away, that only others can, or itself.
//
// A journal is full because of a reader that is behind by its whole capacity. A listener of this thread can be delivered
// to, an inline stage be run. A stage in a worker goes on by itself, unless its worker waits for room elsewhere, which leads
// to the next full journal. Where that ends at the code that would have to wait, waiting would never end.
//
// Nothing here is a guess: a journal that is full because of a reader of this thread stays so while this thread looks, so
// a worker that is seen to wait for it still waits, and what is below that wait on the worker's stack stays there.
import { isWriterWaiting, publishedSequence, readerPosition } from '../journal/index.js';
import type { Graph, PlacedGroup } from './graph.js';
import type { Outlet } from './outlet.js';

export type Obstacle =
  /** The code that runs now is itself in the way: why. */
  | { readonly never: string; readonly clear?: undefined }
  /** Something that this thread can do; whether it did something. */
  | { readonly never?: undefined; readonly clear: () => boolean };

/**
 * What stands between a journal that is full and its next free slot; undefined if other threads are at it.
 *
 * @param wanted The graph that is waited for in the end.
 * @param slots How many free slots it takes: with less, the journal counts as full.
 */
export function findObstacle(
  outlet: Outlet<unknown>,
  wanted = outlet.graph,
  slots = 1,
): Obstacle | undefined {
  const most = outlet.journal.capacity - slots;
  for (const reader of outlet.pullReaders) {
    if (reader.size > most) return { never: `a pull reader of ${outlet.name} on this thread is in the way` };
  }
  for (const file of outlet.files) {
    if (file.isOpening && file.lagIn(outlet.journal) > most) {
      return { never: `${file.path}, which keeps its records, is still being opened: await persist() first` };
    }
  }
  let found: Obstacle | undefined;
  for (const egress of outlet.egresses) {
    if (egress.lag <= most) continue;
    if (egress.isDelivering) {
      return { never: `the call comes from within a delivery of ${outlet.name}, which is in the way` };
    }
    if (outlet.graph !== wanted && outlet.graph.feedsDelivery()) {
      return {
        never: `the call comes from within a delivery that listeners of ${outlet.name}, in the way, feed`,
      };
    }
    found ??= { clear: () => egress.drain() };
  }
  for (const group of outlet.graph.groups) {
    if (group.input !== outlet || lagOf(group) <= most) continue;
    const obstacle = obstacleOf(group, wanted);
    if (obstacle?.never !== undefined) return obstacle;
    found ??= obstacle;
  }
  return found;
}

/** What keeps a group from reading on; undefined if it is at it. */
export function obstacleOf(group: PlacedGroup, wanted = group.graph): Obstacle | undefined {
  const { host, graph } = group;
  const { inline } = graph.engine;
  if (host.isGone) return undefined;
  if (host !== inline) return obstacleInWorker(group, wanted);
  if (graph.deliveries > 0 || inline.isOnStack(group)) {
    return { never: `the call comes from within stage ${group.stages[0]?.name}, which is in the way` };
  }
  const full = inline.fullOutputOf(group);
  if (full !== undefined) return findObstacle(full.outlet, wanted, full.slots);
  return { clear: () => inline.run(group) };
}

/** What keeps the worker of a group busy for good: a journal with no room, for this group or for one that it runs after. */
function obstacleInWorker(group: PlacedGroup, wanted: Graph): Obstacle | undefined {
  let found: Obstacle | undefined;
  for (const graph of group.graph.engine.graphs) {
    for (const other of graph.groups) {
      if (other.host !== group.host || (other !== group && runsOnTop(group, other))) continue;
      for (const { outlet } of other.stages) {
        const obstacle = isWriterWaiting(outlet.journal) ? findObstacle(outlet, wanted) : undefined;
        // Looked at again: it waits for what was in the way then.
        if (obstacle === undefined || !isWriterWaiting(outlet.journal)) continue;
        if (obstacle.never === undefined) found ??= obstacle;
        else if (graph === group.graph || isOnStack(group)) return obstacle;
        else return { clear: () => group.graph.putOnTopOf(graph) };
      }
    }
  }
  return found;
}

/** Whether a worker runs a group also while another of its groups waits for room. */
function runsOnTop(group: PlacedGroup, waiting: PlacedGroup): boolean {
  if (group.graph === waiting.graph) return group.plan.rank > waiting.plan.rank;
  return group.graph.order > waiting.graph.order;
}

/** Whether a group waits for room, so that its worker can't take it up before that. */
function isOnStack(group: PlacedGroup): boolean {
  return group.stages.some(({ outlet }) => isWriterWaiting(outlet.journal));
}

/** How many records lie before a group. */
function lagOf({ input, plan }: PlacedGroup): number {
  const position = readerPosition(input.journal, plan.reader);
  return position < 0 ? 0 : publishedSequence(input.journal) - position;
}
