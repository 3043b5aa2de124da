// Closing an engine: an orderly end for every source, then for every worker, within a time.
import { fail } from '../errors/index.js';
import type { Engine } from './engine.js';
import { removeEngine } from './engines.js';
import { type Graph, hasPassed } from './graph.js';
import type { WorkerHost } from './worker-host.js';

/** How long a worker that has nothing to do any more may take to end, however late it is. */
const GRACE_MS = 100;

/** An engine that is being closed, and until when it may take. */
export class Closing {
  private readonly engine: Engine;
  private readonly deadline: number;
  /** What was not done in time. */
  private readonly late: string[] = [];

  constructor(engine: Engine) {
    this.engine = engine;
    this.deadline = performance.now() + engine.closeTimeoutMs;
  }

  /**
   * Ends all sources, lets what was taken be processed and delivered, takes the graphs down and ends the workers. What is
   * not done in time is terminated, and its listeners get an error.
   *
   * @throws {Error} CLOSE_TIMEOUT if something had to be terminated; a stage's error that nobody was told of.
   */
  async run(): Promise<void> {
    const { engine } = this;
    const graphs = [...engine.graphs];
    for (const graph of graphs) {
      // A pull reader that nobody asks any more would hold the end back.
      for (const outlet of graph.outlets) for (const reader of outlet.pullReaders) reader.close();
      graph.source.complete();
    }
    for (const graph of graphs) for (const file of graph.files) file.hurry();
    await within(this.deadline, ended(engine, graphs));
    engine.journals.endOwn();
    // Dead letters and lines that are on the way: soon nobody knows any more whose they are.
    engine.handleMessages();
    let unobserved: unknown;
    try {
      engine.throwUnobserved();
    } catch (error) {
      unobserved = error;
    }
    this.takeDownLate();
    for (const graph of graphs) graph.dispose();
    await this.stopWorkers();
    await this.stopFiles(graphs);
    engine.disposal.reap();
    engine.pump.stop();
    removeEngine(engine);
    if (unobserved !== undefined) throw unobserved;
    if (this.late.length > 0) throw this.timeout();
  }

  /** Whether the time is over; then what is not done is taken down. For code that blocks the thread on which it is measured. */
  isOverdue(): boolean {
    if (performance.now() < this.deadline) return false;
    this.takeDownLate();
    return true;
  }

  /** Takes the graphs down that are not done, which frees whoever waits for them. */
  private takeDownLate(): void {
    const late = [...this.engine.graphs].filter(isUnderWay);
    this.late.push(...late.flatMap(unfinished));
    for (const graph of late) graph.dispose({ error: this.timeout() });
  }

  private async stopWorkers(): Promise<void> {
    const { pool, disposal } = this.engine;
    const { workers } = pool;
    const stuck = [...disposal.graphs].flatMap(unfinished);
    const deadline = Math.max(this.deadline, performance.now() + GRACE_MS);
    const stopped = await Promise.all(workers.map((worker) => stopWorker(worker, deadline)));
    if (this.late.length > 0 || !stopped.includes(false)) return;
    const names = workers.filter((_, i) => stopped[i] === false).map(({ name }) => `worker ${name}`);
    this.late.push(...(stuck.length > 0 ? stuck : names));
  }

  /** Ends the journals in files, then their worker. */
  private async stopFiles(graphs: readonly Graph[]): Promise<void> {
    const { files } = this.engine;
    const kept = [...graphs.flatMap((graph) => [...graph.files]), ...files.byHand];
    const closed = kept.map((file) => file.close());
    const deadline = Math.max(this.deadline, performance.now() + GRACE_MS);
    const stopped = Promise.all(closed).then(() => files.stop());
    if (await within(deadline, stopped)) return;
    this.late.push('worker files');
    await files.terminate();
  }

  private timeout(): Error {
    return fail('CLOSE_TIMEOUT', { workers: this.late.join(', '), ms: this.engine.closeTimeoutMs });
  }
}

/** Whether there is something to process or deliver, or another thread is still writing. */
function isUnderWay(graph: Graph): boolean {
  return !graph.isQuiet || graph.isFed;
}

/** The stages of a graph that have not processed all that there is for them, or else all of them; or who still writes it. */
function unfinished(graph: Graph): string[] {
  const { source } = graph;
  if (graph.isFed) return [`worker ${source.feed?.worker.name}`];
  const groups = graph.groups.filter((group) => !hasPassed(group));
  const stages = groups.length > 0 ? groups.flatMap((group) => group.stages) : graph.stages;
  return stages.map(({ name }) => `stage ${name}`);
}

/** Ends a worker; false if it had to be terminated. */
export async function stopWorker(worker: WorkerHost, deadline: number): Promise<boolean> {
  const exited = worker.stop();
  worker.hold(true);
  if (await within(deadline, exited)) return true;
  await worker.terminate();
  return false;
}

/** Resolves once all graphs have been processed and delivered to the end. */
function ended(engine: Engine, graphs: readonly Graph[]): Promise<void> {
  return new Promise((resolve) => {
    const poll = () => {
      const waits = graphs.some(isUnderWay);
      if (!waits) resolve();
      return waits;
    };
    if (poll()) engine.pump.watch({ poll });
  });
}

/** Whether a promise resolved before a point in time. */
async function within(deadline: number, promise: Promise<void>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, deadline - performance.now()));
  });
  const done = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return done;
}
