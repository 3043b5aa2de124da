// The least that a pipeline's start can cost: a bare worker's start, and loading the parser
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Observation } from '../../harness/benchmark.js';

const THREAD = "require('node:worker_threads').parentPort.postMessage('here')";

/** To be called in a fresh process. */
export async function startBare(): Promise<Observation> {
  const start = performance.now();
  const worker = new Worker(THREAD, { eval: true, execArgv: [] });
  await once(worker, 'message');
  const started = performance.now();
  await import('acorn');
  const ms = performance.now() - start;
  await worker.terminate();
  return { ms, loadingMs: performance.now() - started };
}
