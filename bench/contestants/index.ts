// Who runs which workload

import { type Observation, type Order, observe } from '../harness/observation.js';
import { Checksum, type Digest } from '../workloads/checksum.js';
import { manyKeys } from '../workloads/many-keys.js';
import { addAlert, type ReadingWorkload } from '../workloads/reading-workload.js';
import { sensor } from '../workloads/sensor.js';
import { service } from '../workloads/service.js';
import { type Contestant, type Push, pushContestant } from './contestant.js';
import { plainLoop } from './plain-loop.js';
import { rodaContestants } from './roda.js';
import { rxjsIdiomatic } from './rxjs-idiomatic.js';
import { rxjsState } from './rxjs-state.js';

/** The contestants that others are compared with, by name. */
export const BASELINES = ['RxJS, own state', 'RxJS, idiomatic', 'plain loop'] as const;

/** A workload with its contestants; what their records are is nobody else's business. */
export interface Entry {
  readonly name: string;
  readonly size: number;
  readonly quickSize: number;
  readonly warmUpSize: number;
  readonly contestants: readonly string[];
  observe(order: Order): Promise<Observation>;
  /** The alerts of a plain loop, checked against the listed ones where there are any. */
  expectedAlerts(size: number): Digest;
}

export const entries: readonly Entry[] = [
  entry(sensor, plainLoop.sensor, [
    pushContestant(BASELINES[0], rxjsState.sensor),
    pushContestant(BASELINES[1], rxjsIdiomatic.sensor),
    pushContestant(BASELINES[2], plainLoop.sensor),
    ...rodaContestants.sensor,
  ]),
  entry(service, plainLoop.service, [
    pushContestant(BASELINES[0], rxjsState.service),
    pushContestant(BASELINES[1], rxjsIdiomatic.service),
    pushContestant(BASELINES[2], plainLoop.service),
    ...rodaContestants.service,
  ]),
  entry(manyKeys, plainLoop['many-keys'], [
    pushContestant(BASELINES[0], rxjsState['many-keys']),
    pushContestant(BASELINES[1], rxjsIdiomatic['many-keys']),
    pushContestant(BASELINES[2], plainLoop['many-keys']),
    ...rodaContestants['many-keys'],
  ]),
];

export function findEntry(workload: string): Entry {
  const found = entries.find(({ name }) => name === workload);
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot run workload ${workload}: there are ${entries.map(({ name }) => name).join(', ')}`,
  );
}

function entry<Summary>(
  workload: ReadingWorkload<Summary>,
  loop: Push<Summary>,
  contestants: readonly Contestant<Summary>[],
): Entry {
  const { name, size, quickSize, warmUpSize } = workload;
  return {
    name,
    size,
    quickSize,
    warmUpSize,
    contestants: contestants.map((contestant) => contestant.name),

    observe(order) {
      const contestant = contestants.find((c) => c.name === order.contestant);
      if (contestant === undefined)
        throw new RangeError(`Cannot run contestant ${order.contestant} in ${name}`);
      return observe(workload, contestant, order);
    },

    expectedAlerts(size) {
      const alerts = new Checksum();
      workload.feed(size, loop({ alert: (alert) => addAlert(alerts, alert) }));
      const digest = alerts.digest();
      const listed = workload.listed.find((l) => l.size === size)?.alerts;
      if (listed !== undefined && JSON.stringify(listed) !== JSON.stringify(digest)) {
        throw new Error(`Wrong alerts from the plain loop in ${name} of ${size}`);
      }
      return digest;
    },
  };
}
