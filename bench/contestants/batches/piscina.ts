// Piscina: batches of plain objects as tasks of a pool with one thread, since one loop has all the state
import { Piscina } from 'piscina';
import type { Collections } from '../../harness/resources.js';
import type { Contestant, Open, Pipeline } from '../contestant.js';
import { BATCHES_UNDER_WAY, type BatchOrder, type BatchResult } from './batch-loop.js';
import { feedBatches } from './feed-batches.js';

const open: Open<never> = (workload, sinks): Pipeline => {
  const order: BatchOrder = { workload: workload.pipeline, summaries: sinks.summary !== undefined };
  const pool = new Piscina<unknown, unknown>({
    filename: new URL('./piscina-task.js', import.meta.url).href,
    minThreads: 1,
    maxThreads: 1,
    // All that are under way are posted at once: only from a queue of its own may tasks come in another order.
    concurrentTasksPerWorker: BATCHES_UNDER_WAY,
    // Its state is in the thread: that may not be replaced while there is nothing to do.
    idleTimeout: Number.POSITIVE_INFINITY,
    workerData: order,
  });
  return {
    feed: (size, idOffset) => {
      const send = (batch: unknown) => pool.run(batch, { name: 'run' }) as Promise<BatchResult>;
      return feedBatches(workload, sinks, send, size, idOffset);
    },
    collections: () => pool.run(undefined, { name: 'collect' }) as Promise<Collections>,
    close: () => pool.destroy(),
  };
};

export const piscinaPool: Contestant = { sensor: open, service: open, 'many-keys': open };
