// The thread of the worker by hand
import { parentPort, workerData } from 'node:worker_threads';
import { countCollections } from '../../harness/resources.js';
import { type BatchOrder, batchLoop } from './batch-loop.js';
import type { FromThread, ToThread } from './post-message.js';

const run = batchLoop(workerData as BatchOrder);
let stopCounting = countCollections();

parentPort?.on('message', (message: ToThread) => {
  let answer: FromThread;
  if (message === 'collections') {
    answer = stopCounting();
    stopCounting = countCollections();
  } else answer = run(message);
  parentPort?.postMessage(answer);
});
