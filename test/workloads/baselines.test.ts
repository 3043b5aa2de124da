// The baselines of the benchmark give the listed results
import { expect, test } from 'vitest';
import type { PushPipelines } from '../../bench/contestants/contestant.js';
import { mostCore } from '../../bench/contestants/most.js';
import { plainLoop } from '../../bench/contestants/plain-loop.js';
import { rxjsIdiomatic } from '../../bench/contestants/rxjs-idiomatic.js';
import { rxjsState } from '../../bench/contestants/rxjs-state.js';
import { Checksum } from '../../bench/workloads/checksum.js';
import { manyKeys, tenAKey } from '../../bench/workloads/many-keys.js';
import {
  addAlert,
  type Reading,
  type ReadingWorkload,
  readingColumns,
} from '../../bench/workloads/reading-workload.js';
import { sensor } from '../../bench/workloads/sensor.js';
import { sensor1000 } from '../../bench/workloads/sensor-1000.js';
import { service } from '../../bench/workloads/service.js';

const pipelines: Record<string, PushPipelines> = { plainLoop, rxjsState, rxjsIdiomatic, mostCore };

const SMALL = 1000;
/** A size at which the workloads have no listed results; the baselines only have to agree. */
const UNLISTED = 20_000;

test.each(Object.keys(pipelines))('%s gives the listed alerts of sensor and service', (name) => {
  const small = { sensor: alertsOf(sensor, name, SMALL), service: alertsOf(service, name, SMALL) };
  expect(small.sensor).toEqual(sensor.listed.find(({ size }) => size === SMALL)?.alerts);
  expect(small.service).toEqual(service.listed.find(({ size }) => size === SMALL)?.alerts);
});

test('plain loops give the listed alerts and summaries of ten million and a million records', () => {
  for (const workload of [sensor, service, manyKeys]) {
    const listed = workload.listed.at(-1)!;
    expect(bothOf(workload as ReadingWorkload<unknown>, 'plainLoop', listed.size)).toEqual({
      alerts: listed.alerts,
      summaries: listed.summaries,
    });
  }
});

test.each(['rxjsState', 'rxjsIdiomatic', 'mostCore'])(
  '%s agrees with the plain loop in alerts and summaries',
  (name) => {
    for (const workload of [sensor, sensor1000, service, manyKeys, tenAKey]) {
      const anyWorkload = workload as ReadingWorkload<unknown>;
      expect(bothOf(anyWorkload, name, UNLISTED)).toEqual(bothOf(anyWorkload, 'plainLoop', UNLISTED));
    }
  },
);

test('a workload that is fed in ranges is the same', () => {
  for (const workload of [sensor, sensor1000, service, manyKeys, tenAKey]) {
    const whole: Reading[] = [];
    workload.feed(SMALL, (reading) => whole.push(reading), 7);
    const parts: Reading[] = [];
    const total = workload.readings(SMALL);
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 300],
      [300, total],
    ] as const) {
      workload.feed(SMALL, (reading) => parts.push(reading), 7, from, to);
    }
    expect(parts).toEqual(whole);
  }
});

test('columns hold the same readings as objects', () => {
  for (const workload of [sensor, sensor1000, service, manyKeys, tenAKey]) {
    const objects: Reading[] = [];
    workload.feed(SMALL, (reading) => objects.push(reading), 7);
    const columns = readingColumns(64);
    const rows: Reading[] = [];
    for (let from = 0; from < workload.readings(SMALL); ) {
      const length = workload.fill(SMALL, columns, from, 7);
      for (let i = 0; i < length; i++) {
        rows.push({ id: columns.id[i]!, value: columns.value[i]!, ts: columns.ts[i]! });
      }
      from += length;
    }
    expect(rows).toEqual(objects);
  }
});

function alertsOf<S>(workload: ReadingWorkload<S>, name: string, size: number) {
  const alerts = new Checksum();
  const push = pipelines[name]![workload.pipeline as 'sensor'];
  workload.feed(size, push({ alert: (alert) => addAlert(alerts, alert) }));
  return alerts.digest();
}

function bothOf(workload: ReadingWorkload<unknown>, name: string, size: number) {
  const alerts = new Checksum();
  const summaries = new Checksum();
  const push = pipelines[name]![workload.pipeline as 'sensor'];
  const summary = (s: unknown) => workload.addSummary(summaries, s);
  workload.feed(size, push({ alert: (alert) => addAlert(alerts, alert), summary }));
  return { alerts: alerts.digest(), summaries: summaries.digest() };
}
