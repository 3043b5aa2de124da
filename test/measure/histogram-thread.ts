// A thread that got the handle of a histogram, and records values of 100 to 1,099 in it.
import { workerData } from 'node:worker_threads';
import { type HistogramHandle, openHistogram } from '../../src/index.js';

const { handle, each, seed } = workerData as { handle: HistogramHandle; each: number; seed: number };
const histogram = openHistogram(handle);
for (let i = 0; i < each; i++) histogram.record(100 + ((i * 7_919 * seed) % 1_000));
