// The alerts that a workload must give, from the plain loop, checked against the listed ones where there are any

import type { Push } from '../contestants/contestant.js';
import { plainLoop } from '../contestants/plain-loop.js';
import { assertDigest } from '../harness/checked.js';
import { Checksum, type Digest } from './checksum.js';
import { addAlert, type ReadingWorkload } from './reading-workload.js';

export function expectedAlerts<Summary>(workload: ReadingWorkload<Summary>, size: number): Digest {
  const alerts = new Checksum();
  const loop = plainLoop[workload.name] as Push<unknown>;
  workload.feed(size, loop({ alert: (alert) => addAlert(alerts, alert) }));
  const digest = alerts.digest();
  const listed = workload.listed.find((entry) => entry.size === size)?.alerts;
  if (listed !== undefined) assertDigest(`the plain loop in ${workload.name} of ${size}`, digest, listed);
  return digest;
}
