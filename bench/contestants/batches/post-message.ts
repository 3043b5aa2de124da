// A worker by hand: batches of plain objects go there and come back by postMessage
import { Worker } from 'node:worker_threads';
import type { Collections } from '../../harness/resources.js';
import type { Reading } from '../../workloads/reading-workload.js';
import type { Contestant, Open, Pipeline } from '../contestant.js';
import type { BatchOrder, BatchResult } from './batch-loop.js';
import { feedBatches } from './feed-batches.js';

/** To the thread: a batch, or the question what it has collected. */
export type ToThread = readonly Reading[] | 'collections';
/** From the thread: an answer to each message, in their order. */
export type FromThread = BatchResult | Collections;

const open: Open<never> = (workload, sinks): Pipeline => {
  const order: BatchOrder = { workload: workload.pipeline, summaries: sinks.summary !== undefined };
  const worker = new Worker(new URL('./post-message-thread.js', import.meta.url), { workerData: order });
  const waiting: Array<{ resolve(answer: FromThread): void; reject(error: Error): void }> = [];
  worker.on('message', (answer: FromThread) => waiting.shift()?.resolve(answer));
  worker.on('error', (error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  const ask = (message: ToThread): Promise<FromThread> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      worker.postMessage(message);
    });
  return {
    feed: (size, idOffset) =>
      feedBatches(workload, sinks, (batch) => ask(batch) as Promise<BatchResult>, size, idOffset),
    collections: () => ask('collections') as Promise<Collections>,
    close: async () => {
      await worker.terminate();
    },
  };
};

export const postMessageWorker: Contestant = { sensor: open, service: open, 'many-keys': open };
