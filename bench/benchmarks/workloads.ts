// The workloads as benchmarks
import type { Goal } from '../harness/benchmark.js';
import { manyKeys, tenAKey } from '../workloads/many-keys.js';
import { sensor } from '../workloads/sensor.js';
import { sensor1000 } from '../workloads/sensor-1000.js';
import { service } from '../workloads/service.js';
import { throughput } from './throughput.js';

/** A ratio that a lane must reach. */
function atLeast(lane: string, bound: number, baseline: string): Goal {
  return { lane, of: `× ${baseline}`, must: 'at least', bound };
}

const OWN_STATE = 'RxJS, own state';
const PLAIN = 'plain loop';
const INLINE = 'roda, inline';
const WORKER = 'roda, worker';

export const sensorThroughput = throughput(sensor, {
  title: '`sensor`: few keys',
  about: `One sensor, two windows of time: a running summary of each window, and an alert whenever the average rises by half from one
summary to the next. Every fourth record raises one. Nearly nothing to do for each record, so what is measured is what it costs to
get it there and back. The native C loop is fused by hand, and built by the C compiler of the machine.`,
  nativeSensors: 1,
  goals: [
    atLeast(INLINE, 1.05, PLAIN),
    atLeast(INLINE, 5, OWN_STATE),
    atLeast(WORKER, 4, OWN_STATE),
    atLeast(`${WORKER}, columns`, 5, OWN_STATE),
  ],
});

export const sensor1000Throughput = throughput(sensor1000, {
  title: '`sensor-1000`: a thousand keys that take turns',
  about: `The readings of \`sensor\`, but from a thousand sensors that take turns, so that no record has the key of the one before.`,
  nativeSensors: 1000,
});

export const serviceThroughput = throughput(service, {
  title: '`service`: de-duplicated before and after',
  about: `A service's health readings: duplicates are dropped, summaries and alerts made as in \`sensor\`, and duplicate alerts dropped.
Ever new windows, and nearly no alerts.`,
  goals: [atLeast(INLINE, 3, OWN_STATE), atLeast(WORKER, 3, OWN_STATE)],
});

export const manyKeysThroughput = throughput(manyKeys, {
  title: '`many-keys`: every key is new',
  about: `A thousand sensors, each reading in a window of its own: a million records make a million keys, all of which are kept. What is
measured is how fast a table of states grows.`,
  goals: [atLeast(INLINE, 3, PLAIN)],
});

export const tenAKeyThroughput = throughput(tenAKey, {
  title: '`many-keys-10`: ten records a key',
  about: `As \`many-keys\`, but a window has ten readings of each sensor, and the pipeline is that of \`sensor\`: half a million keys, each
of which is looked for ten times, between 999 others.`,
  goals: [atLeast(INLINE, 1.4, PLAIN)],
});
