// Closing an engine: an orderly end for every source, then for every worker, within a time.
import { fail } from '../errors/index.js';
import type { Engine } from './engine.js';
import { removeEngine } from './engines.js';
import type { Graph } from './graph.js';
import type { WorkerHost } from './worker-host.js';

/**
 * Ends all sources, lets what was taken be processed and delivered, takes the graphs down and ends the workers. What is
 * not done in time is terminated, and its listeners get an error.
 *
 * @throws {Error} CLOSE_TIMEOUT if something had to be terminated; a stage's error that nobody was told of.
 */
export async function closeEngine(engine: Engine): Promise<void> {
  const deadline = performance.now() + engine.closeTimeoutMs;
  const graphs = [...engine.graphs];
  for (const graph of graphs) {
    // A pull reader that nobody asks any more would hold the end back.
    for (const outlet of graph.outlets) for (const reader of outlet.pullReaders) reader.close();
    graph.source.complete();
  }
  const drained = await within(deadline, ended(engine, graphs));
  let unobserved: unknown;
  try {
    engine.throwUnobserved();
  } catch (error) {
    unobserved = error;
  }
  const workers = engine.pool.workers;
  const late = drained ? [] : graphs.filter((graph) => !graph.isQuiet);
  const stuck = [...engine.disposal.graphs];
  const names = [...late, ...stuck].flatMap((graph) => graph.stages.map((stage) => stage.name));
  const timeout = () =>
    fail('CLOSE_TIMEOUT', { workers: `stage ${names.join(', ') || '(none)'}`, ms: engine.closeTimeoutMs });
  for (const graph of graphs) graph.dispose(late.includes(graph) ? { error: timeout() } : undefined);
  const grace = Math.max(deadline, performance.now() + 100);
  const stopped = await Promise.all(workers.map((worker) => stop(worker, grace)));
  for (const worker of workers) worker.free();
  removeEngine(engine);
  if (unobserved !== undefined) throw unobserved;
  if (!drained || stopped.includes(false)) throw timeout();
}

/** Ends a worker; false if it had to be terminated. */
async function stop(worker: WorkerHost, deadline: number): Promise<boolean> {
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
      const waits = graphs.some((graph) => !graph.isQuiet);
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
