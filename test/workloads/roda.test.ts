// sensor, service and many-keys give the listed results, inline and in workers
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Contestant,
  type Pipeline,
  type Push,
  pushContestant,
} from '../../bench/contestants/contestant.js';
import { plainLoop } from '../../bench/contestants/plain-loop.js';
import { rodaContestants } from '../../bench/contestants/roda.js';
import { Checksum } from '../../bench/workloads/checksum.js';
import { manyKeys } from '../../bench/workloads/many-keys.js';
import { addAlert, type ReadingWorkload, WARM_UP_ID_OFFSET } from '../../bench/workloads/reading-workload.js';
import { sensor } from '../../bench/workloads/sensor.js';
import { service } from '../../bench/workloads/service.js';

let open: Pipeline | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

const listed: [ReadingWorkload<unknown>, readonly Contestant<unknown>[]][] = [
  [sensor as ReadingWorkload<unknown>, rodaContestants.sensor as readonly Contestant<unknown>[]],
  [service as ReadingWorkload<unknown>, rodaContestants.service as readonly Contestant<unknown>[]],
  [manyKeys as ReadingWorkload<unknown>, rodaContestants['many-keys'] as readonly Contestant<unknown>[]],
];

/** A size for contestants that feed or read in another manner; they are compared with the plain loop. */
const UNLISTED = 300_003;

describe.each(listed)('$name', (workload, contestants) => {
  const byNext = contestants.filter(({ name }) => name === 'roda, inline' || name === 'roda, worker');
  const others = contestants.filter((contestant) => !byNext.includes(contestant));
  const cases = byNext.flatMap((contestant) => workload.listed.map((listed) => ({ contestant, ...listed })));

  test.each(cases)('$contestant.name gives the listed alerts of $size records', async (listed) => {
    expect(await alertsOf(workload, listed.contestant, listed.size)).toEqual(listed.alerts);
  });

  test.each(byNext)('$name gives the listed summaries, read along with the alerts', async (contestant) => {
    const { size, alerts, summaries } = workload.listed.at(-1)!;
    expect(await bothOf(workload, contestant, size)).toEqual({ alerts, summaries });
  });

  test.each(others)('$name gives the alerts of the plain loop', async (contestant) => {
    const loop = pushContestant('plain loop', plainLoop[workload.name as 'sensor'] as Push<unknown>);
    const expected = await alertsOf(workload, loop, UNLISTED);
    expect(await alertsOf(workload, contestant, UNLISTED)).toEqual(expected);
  });

  test('a warm-up with other keys leaves the results as they are', async () => {
    const [{ size, alerts } = workload.listed[0]!] = workload.listed;
    const contestant = contestants[0]!;
    expect(await alertsOf(workload, contestant, size, Math.min(size, workload.warmUpSize))).toEqual(alerts);
  });
});

async function alertsOf(
  workload: ReadingWorkload<unknown>,
  contestant: Contestant<unknown>,
  size: number,
  warmUpSize = 0,
) {
  let alerts = new Checksum();
  open = contestant.open(workload, { alert: (alert) => addAlert(alerts, alert) });
  if (warmUpSize > 0) await open.feed(warmUpSize, WARM_UP_ID_OFFSET);
  alerts = new Checksum();
  await open.feed(size, 0);
  return alerts.digest();
}

async function bothOf(workload: ReadingWorkload<unknown>, contestant: Contestant<unknown>, size: number) {
  const alerts = new Checksum();
  const summaries = new Checksum();
  open = contestant.open(workload, {
    alert: (alert) => addAlert(alerts, alert),
    summary: (summary) => workload.addSummary(summaries, summary),
  });
  await open.feed(size, 0);
  return { alerts: alerts.digest(), summaries: summaries.digest() };
}
