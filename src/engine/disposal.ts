// Pipelines that have been taken down: their memory is free once their hosts have let go of them, which a worker does
// between two batches. One that never comes to the end of a batch is terminated.
import { sleepUntilRung } from '../journal/index.js';
import { platform } from '../runtime/platform/index.js';
import type { Engine } from './engine.js';
import type { Graph } from './graph.js';
import { WorkerHost } from './worker-host.js';

/** How long a worker that is late has, from the turn of this thread on that sees it: it may be waiting for this thread. */
const GRACE_MS = 100;
/** Longest sleep between two looks at workers that are waited for. */
const SLICE_MS = 2;

interface Wait {
  /** When its hosts have to have let go of it. */
  deadline: number;
  /** Whether that time has been over before. */
  late: boolean;
}

export class Disposal {
  private readonly engine: Engine;
  private readonly waits = new Map<Graph, Wait>();

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Whether all that was taken down has been freed. */
  get isDone(): boolean {
    return this.waits.size === 0;
  }

  /** Pipelines that somebody still uses. */
  get graphs(): Iterable<Graph> {
    return this.waits.keys();
  }

  /** Frees a graph as soon as its hosts and listeners have let go of it. */
  add(graph: Graph): void {
    this.waits.set(graph, { deadline: performance.now() + this.engine.closeTimeoutMs, late: false });
    if (!this.release(graph)) this.engine.pump.wake();
  }

  /** Frees a graph if it has been taken down and nobody uses it; whether it did. */
  release(graph: Graph): boolean {
    if (!this.waits.has(graph) || !graph.free()) return false;
    this.waits.delete(graph);
    this.engine.forget(graph);
    return true;
  }

  /** Frees what nobody uses any more; whether there was something. */
  reap(): boolean {
    let freed = false;
    for (const graph of [...this.waits.keys()]) if (this.release(graph)) freed = true;
    return freed;
  }

  /** Waits for memory: returns true once something has been freed, false if nothing is going to be. */
  reclaim(): boolean {
    const { memory, bell, closeTimeoutMs } = this.engine;
    const deadline = performance.now() + closeTimeoutMs;
    for (;;) {
      if (this.reap()) return true;
      if (this.isDone || !platform().canBlock || performance.now() > deadline) return false;
      this.engine.checkWorkers();
      const isReady = () => [...this.waits.keys()].some((graph) => graph.isUnused);
      sleepUntilRung(memory, bell, isReady, SLICE_MS);
    }
  }

  /** Terminates the workers that don't let go in time. The other pipelines there end with an error that says so. */
  terminateLate(): void {
    const now = performance.now();
    for (const [graph, wait] of this.waits) {
      if (now < wait.deadline) continue;
      if (wait.late) {
        for (const { host, stages } of graph.usedGroups) {
          if (host instanceof WorkerHost) host.giveUp(stages[0]?.name ?? '');
        }
      }
      wait.late = true;
      wait.deadline = now + GRACE_MS;
    }
  }
}
