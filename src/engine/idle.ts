// Waiting until everything that was taken has been processed and delivered.
import { EndKind, publishedSequence, readerPosition } from '../journal/index.js';
import { type Graph, hasEnded, hasPassed, type PlacedGroup } from './graph.js';
import type { Outlet } from './outlet.js';
import type { Watcher } from './pump.js';

/** A journal up to a sequence, and its end if that had come: its groups and listeners must pass it. */
interface Mark {
  readonly outlet: Outlet<unknown>;
  readonly sequence: number;
  readonly isEnd: boolean;
}

/**
 * Follows the records that were taken before it was made through the graph: once a group has passed a mark, what it
 * published until then is marked in turn. Later records don't move the marks, so they don't delay the end.
 */
export class IdleWatcher implements Watcher {
  readonly done: Promise<void>;
  private readonly graphs: readonly Graph[];
  private marks: Mark[];
  private resolve: () => void = () => {};

  constructor(graphs: Iterable<Graph>) {
    this.graphs = [...graphs].filter((graph) => graph.isSealed);
    this.marks = this.graphs.map((graph) => mark(graph.source.outlet));
    this.done = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  poll(): boolean {
    let moved = true;
    while (moved) {
      moved = false;
      for (const passed of this.marks.filter(isPassed)) {
        moved = true;
        this.marks.splice(this.marks.indexOf(passed), 1);
        const { graph } = passed.outlet;
        if (graph.isDisposed) continue;
        const groups = graph.groups.filter((group) => group.input === passed.outlet);
        for (const { stages } of groups) for (const stage of stages) this.marks.push(mark(stage.outlet));
      }
    }
    if (this.marks.length > 0) return true;
    this.resolve();
    return false;
  }
}

function mark(outlet: Outlet<unknown>): Mark {
  // Loaded before the sequence: if it shows, all records before it do.
  const isEnd = outlet.end !== EndKind.OPEN;
  return { outlet, sequence: publishedSequence(outlet.journal), isEnd };
}

function isPassed({ outlet, sequence, isEnd }: Mark): boolean {
  const { graph } = outlet;
  if (graph.isDisposed) return true;
  const groups = graph.groups.filter((group) => group.input === outlet);
  const isDone = (group: PlacedGroup) => hasPassed(group, sequence) && (!isEnd || hasEnded(group));
  if (!groups.every(isDone)) return false;
  for (const file of outlet.files) {
    if (file.lagIn(outlet.journal) > publishedSequence(outlet.journal) - sequence) return false;
  }
  for (const egress of outlet.egresses) {
    const position = readerPosition(outlet.journal, egress.reader.slot);
    if (position >= 0 && position < sequence) return false;
    // An end that has not been delivered is part of it.
    if (position >= sequence && egress.hasEndToDeliver) return false;
  }
  return true;
}
