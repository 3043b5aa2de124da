// Loss of power at every sync, with what was not synced lost, torn and out of order; again and again on one disk.
import { expect, it } from 'vitest';
import type { FileLog } from '../../src/file/log.js';
import { append, openLog, range, readAll } from './log-kit.js';
import { PowerLoss, type Random, randomOf, SimulatedDisk } from './simulated-disk.js';

const seed = Number(process.env['FILE_SEED'] ?? 1);
/** How often each sync of the program is hit. */
const rounds = Number(process.env['FILE_ROUNDS'] ?? 6);

/** What one run of the program has been told. */
interface Told {
  durable: number;
  appended: number;
  /** The oldest record that has to be there; any may be dropped once retention was asked for. */
  first: number;
}

/** Opens, appends batches with a sync now and then, and closes. */
async function program(files: SimulatedDisk, chance: Random, told: Told): Promise<void> {
  const retention = chance() < 0.3 ? { bytes: 2_500 } : {};
  if ('bytes' in retention) told.first = Number.POSITIVE_INFINITY;
  const log = await openLog(files, { segmentBytes: chance() < 0.5 ? 700 : 3_000, retention });
  const after = (log: FileLog) => {
    told.durable = Math.max(told.durable, log.durable);
    told.appended = log.next;
  };
  after(log);
  const running: Promise<void>[] = [];
  try {
    for (let i = 0; i < 25; i++) {
      const count = 1 + Math.floor(chance() * 12);
      // More may be on the disk than was told.
      told.appended = log.next + count;
      await append(log, count);
      after(log);
      const mood = chance();
      if (mood < 0.3) await log.sync();
      else if (mood < 0.5) running.push(log.sync().catch(() => {}));
      after(log);
    }
  } finally {
    await Promise.all(running);
  }
  await log.close();
  after(log);
}

/**
 * What was durable is there; what is there is what was appended, each once and whole.
 *
 * @returns The disk afterwards, and whether something was cut off.
 */
async function check(
  files: SimulatedDisk,
  told: Told,
  chance: Random,
  trace: string,
): Promise<{ disk: SimulatedDisk; cut: boolean }> {
  const before = readAll(files);
  const log = await openLog(files, { segmentBytes: 700 });
  expect(log.next, trace).toBeGreaterThanOrEqual(told.durable);
  expect(log.next, trace).toBeLessThanOrEqual(told.appended);
  expect(log.first, trace).toBeLessThanOrEqual(told.first);
  const found = readAll(files);
  expect(found, trace).toEqual(range(log.first, log.next));
  expect(before, trace).toEqual(found);
  // What was found when it was opened is durable from then on, whether or not it is closed.
  told.durable = log.next;
  told.first = log.first;
  if (chance() < 0.5) await log.close();
  const disk = chance() < 0.5 ? files.afterPowerLoss() : files.killed();
  return { disk, cut: log.cut !== undefined };
}

it.each([
  ['through the cache', false],
  ['in blocks past it', true],
])(
  `nothing durable is lost, nothing is read twice or torn, written %s, whichever sync is the last (seed ${seed})`,
  async (_, hasBlocks) => {
    const counting = new SimulatedDisk(randomOf(seed), hasBlocks);
    await program(counting, randomOf(seed), { durable: 0, appended: 0, first: 0 });
    const { syncs } = counting;
    // By the seed some 15 to 60.
    expect(syncs).toBeGreaterThan(8);
    let losses = 0;
    let cuts = 0;
    for (let round = 0; round < rounds; round++) {
      for (let at = 1; at <= syncs; at++) {
        const chance = randomOf(seed + 1_000_003 * round + at);
        let files = new SimulatedDisk(chance, hasBlocks);
        const told: Told = { durable: 0, appended: 0, first: 0 };
        // The first loss at a chosen sync, others on the way on what is left.
        for (let life = 0; life < 4; life++) {
          const trace = `seed ${seed}, round ${round}, sync ${at}, life ${life}`;
          files.powerLossAt = life === 0 ? at : 1 + Math.floor(chance() * syncs);
          try {
            await program(files, chance, told);
          } catch (error) {
            if (!((error as { cause?: unknown }).cause instanceof PowerLoss)) throw error;
            losses++;
          }
          files = chance() < 0.8 ? files.afterPowerLoss() : files.killed();
          const checked = await check(files, told, chance, trace);
          if (checked.cut) cuts++;
          files = checked.disk;
        }
      }
    }
    // Otherwise the test looked at nothing.
    expect(losses).toBeGreaterThan(syncs * rounds);
    expect(cuts).toBeGreaterThan(losses / 10);
  },
);
