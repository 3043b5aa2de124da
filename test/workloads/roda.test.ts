// sensor, service and many-keys give the listed results, inline and in workers
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Contestant,
  type Open,
  type Pipeline,
  pushContestant,
} from '../../bench/contestants/contestant.js';
import { OURS } from '../../bench/contestants/index.js';
import { plainLoop } from '../../bench/contestants/plain-loop.js';
import { rodaContestant } from '../../bench/contestants/roda.js';
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

const workloads = [sensor, service, manyKeys] as ReadingWorkload<unknown>[];

/** A size for contestants that feed or read in another manner; they are compared with the plain loop. */
const UNLISTED = 300_003;

describe.each(workloads)('$name', (workload) => {
  const byNext = ['roda, inline', 'roda, worker'] as const;
  const others = OURS.filter((label) => !(byNext as readonly string[]).includes(label));
  const cases = byNext.flatMap((label) => workload.listed.map((listed) => ({ label, ...listed })));

  test.each(cases)('$label gives the listed alerts of $size records', async ({ label, size, alerts }) => {
    expect(await alertsOf(workload, rodaContestant(label), size)).toEqual(alerts);
  });

  test.each(byNext)('%s gives the listed summaries, read along with the alerts', async (label) => {
    const { size, alerts, summaries } = workload.listed.at(-1)!;
    expect(await bothOf(workload, rodaContestant(label), size)).toEqual({ alerts, summaries });
  });

  test.each(others)('%s gives the alerts of the plain loop', async (label) => {
    const expected = await alertsOf(workload, pushContestant(plainLoop), UNLISTED);
    expect(await alertsOf(workload, rodaContestant(label), UNLISTED)).toEqual(expected);
  });

  test('a warm-up with other keys leaves the results as they are', async () => {
    const { size, alerts } = workload.listed[0]!;
    const warmUpSize = Math.min(size, workload.warmUpSize);
    expect(await alertsOf(workload, rodaContestant('roda, inline'), size, warmUpSize)).toEqual(alerts);
  });
});

async function alertsOf(
  workload: ReadingWorkload<unknown>,
  contestant: Contestant,
  size: number,
  warmUpSize = 0,
) {
  let alerts = new Checksum();
  const pipeline = await (contestant[workload.pipeline] as Open<unknown>)(workload, {
    alert: (alert) => addAlert(alerts, alert),
  });
  open = pipeline;
  if (warmUpSize > 0) await pipeline.feed(warmUpSize, WARM_UP_ID_OFFSET);
  alerts = new Checksum();
  await pipeline.feed(size, 0);
  return alerts.digest();
}

async function bothOf(workload: ReadingWorkload<unknown>, contestant: Contestant, size: number) {
  const alerts = new Checksum();
  const summaries = new Checksum();
  const pipeline = await (contestant[workload.pipeline] as Open<unknown>)(workload, {
    alert: (alert) => addAlert(alerts, alert),
    summary: (summary) => workload.addSummary(summaries, summary),
  });
  open = pipeline;
  await pipeline.feed(size, 0);
  return { alerts: alerts.digest(), summaries: summaries.digest() };
}
