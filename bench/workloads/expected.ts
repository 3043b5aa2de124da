// The alerts that a workload must give, from the plain loop, checked against the listed ones where there are any

import type { Push } from '../contestants/contestant.js';
import { plainLoop } from '../contestants/plain-loop.js';
import { assertDigest } from '../harness/checked.js';
import { Checksum, type Digest } from './checksum.js';
import { type Alert, addAlert, type ReadingWorkload } from './reading-workload.js';

export function expectedAlerts<Summary>(workload: ReadingWorkload<Summary>, size: number): Digest {
  const alerts = new Checksum();
  const loop = plainLoop[workload.pipeline] as Push<unknown>;
  workload.feed(size, loop({ alert: (alert) => addAlert(alerts, alert) }));
  const digest = alerts.digest();
  const listed = workload.listed.find((entry) => entry.size === size)?.alerts;
  if (listed !== undefined) assertDigest(`the plain loop in ${workload.name} of ${size}`, digest, listed);
  return digest;
}

/** A size from where on alerts of `sensor` come in the same order in every round of readings. */
const SETTLED = 4_000_000;
/** Readings of a round. */
const ROUND = 4;

/**
 * As {@link expectedAlerts}, for sizes that the plain loop would take minutes for: what the last round of a shorter
 * input gave comes again and again. A test holds it to the plain loop.
 *
 * @param workload One whose readings come in rounds of four.
 */
export function expectedOfLong<Summary>(
  workload: ReadingWorkload<Summary>,
  size: number,
  settled = SETTLED,
): Digest {
  if (size <= settled || (size - settled) % ROUND !== 0) return expectedAlerts(workload, size);
  const alerts = new Checksum();
  let last: Alert[] = [];
  const loop = plainLoop[workload.pipeline] as Push<unknown>;
  const next = loop({
    alert: (alert) => {
      last.push(alert);
      addAlert(alerts, alert);
    },
  });
  workload.feed(settled - ROUND, next);
  last = [];
  workload.feed(settled, next, 0, settled - ROUND, settled);
  for (let n = settled; n < size; n += ROUND) for (const alert of last) addAlert(alerts, alert);
  const digest = alerts.digest();
  const listed = workload.listed.find((entry) => entry.size === size)?.alerts;
  if (listed !== undefined) assertDigest(`${workload.name} of ${size}, continued`, digest, listed);
  return digest;
}
