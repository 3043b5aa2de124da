// The workloads as benchmarks
import { manyKeys } from '../workloads/many-keys.js';
import { sensor } from '../workloads/sensor.js';
import { service } from '../workloads/service.js';
import { throughput } from './throughput.js';

export const sensorThroughput = throughput(sensor, {
  title: '`sensor`: few keys',
  about: `One sensor, two windows of time: a running summary of each window, and an alert whenever the average rises by half from one
summary to the next. Every fourth record raises one. Nearly nothing to do for each record, so what is measured is what it costs to
get it there and back.`,
});

export const serviceThroughput = throughput(service, {
  title: '`service`: de-duplicated before and after',
  about: `A service's health readings: duplicates are dropped, summaries and alerts made as in \`sensor\`, and duplicate alerts dropped.
Ever new windows, and nearly no alerts.`,
});

export const manyKeysThroughput = throughput(manyKeys, {
  title: '`many-keys`: every key is new',
  about: `A thousand sensors, each reading in a window of its own: a million records make a million keys, all of which are kept. What is
measured is how fast a table of states grows.`,
});
