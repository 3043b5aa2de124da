// Figures that several benchmarks have
import type { Figure } from '../harness/benchmark.js';

/** Of records and the time they took. */
export const rate: Figure = {
  key: 'rate, M records/s',
  title: 'M records/s',
  digits: 2,
  of: ({ records, ms }) => records! / ms! / 1000,
};

/** Of the whole process from its start, workers included. */
export const peakMegabytes: Figure = {
  key: 'peak resident, MB',
  title: 'peak MB',
  digits: 0,
  of: ({ peakRssBytes }) => peakRssBytes! / 1e6,
};

/** One is not enough: V8 throws code away when a run first comes to its end, and inlines into a first run what it won't later. */
export const WARM_UP_RUNS = 2;
