// Idle: what engines cost that have nothing to do
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { WaitStrategy } from 'roda-rx';
import type { Benchmark } from '../../harness/benchmark.js';
import { SCENES } from './scenes.js';

interface IdleTask {
  readonly scene: keyof typeof SCENES;
  readonly wait: WaitStrategy;
  readonly ms: number;
}

const WAITS = ['hybrid', 'park'] as const;
const NAMES = Object.keys(SCENES) as (keyof typeof SCENES)[];
const MS = 5_000;
const QUICK_MS = 500;
/** So long after the last record everybody should have come to rest. */
const SETTLE_MS = 300;
/** Records that have to come through afterwards. */
const RECORDS = 100;
const MOST_PERCENT = 2;
const PERCENT = '% of a core';

const LANES = WAITS.flatMap((wait) => NAMES.map((scene) => ({ label: `${wait}, ${scene}`, wait, scene })));

export const idle: Benchmark = {
  name: 'idle',
  title: 'Idle',
  about: `The processor time that a whole process uses in five seconds in which nothing happens, main thread included. It has four workers
with a stage each: after one record and nobody listening; after a burst, with subscribers everywhere; and held back by a pull
reader that is not read, with every journal full. Afterwards records have to come through as before.`,
  rounds: 3,
  figures: [
    { key: PERCENT, title: PERCENT, digits: 2, of: ({ cpuMs, ms }) => (100 * cpuMs!) / ms! },
    { key: 'processor time, ms', title: 'ms', digits: 1, of: ({ cpuMs }) => cpuMs! },
  ],
  comparisons: [],
  goals: LANES.map(({ label }) => ({ lane: label, of: PERCENT, must: 'at most', bound: MOST_PERCENT })),
  ours: LANES.map(({ label }) => label),
  chart: { kind: 'bars', axis: 'processor time, % of a core', figure: PERCENT },

  lanes: (scale) =>
    LANES.map(({ label, wait, scene }) => ({
      label,
      task: { wait, scene, ms: scale === 'quick' ? QUICK_MS : MS } satisfies IdleTask,
    })),

  async observe(task) {
    const { scene, wait, ms } = task as IdleTask;
    const { engine, wake } = await SCENES[scene](wait);
    await pause(SETTLE_MS);
    const before = process.cpuUsage();
    const start = performance.now();
    await pause(ms);
    const { user, system } = process.cpuUsage(before);
    const elapsed = performance.now() - start;
    const came = await wake(RECORDS);
    if (came !== RECORDS) throw new Error(`Wrong results from ${scene}: expected ${RECORDS}, got ${came}`);
    await engine.close();
    return { cpuMs: (user + system) / 1000, ms: elapsed };
  },
};
