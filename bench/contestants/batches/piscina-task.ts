// What Piscina's thread runs: a batch, or the question what it has collected
import { workerData } from 'piscina';
import { type Collections, countCollections } from '../../harness/resources.js';
import type { Reading } from '../../workloads/reading-workload.js';
import { type BatchOrder, type BatchResult, batchLoop } from './batch-loop.js';

const next = batchLoop(workerData as BatchOrder);
let stopCounting = countCollections();

export function run(batch: readonly Reading[]): BatchResult {
  return next(batch);
}

export function collect(): Collections {
  const collections = stopCounting();
  stopCounting = countCollections();
  return collections;
}
