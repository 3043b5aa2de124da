// Threads pinned to cores: as the system says of each thread. On Linux, where koffi is installed.
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, it, vi } from 'vitest';
import { map } from '../../operators/index.js';
import { createEngine } from '../../src/index.js';
import { platform } from '../../src/runtime/platform/index.js';
import { coresOf } from '../../src/runtime/platform/node-cores.js';
import { Reading, reading, withEngine } from '../rx/pipelines.js';

const canPin = 'cores' in platform().pinning();
const same = () =>
  map((r: { id: number; value: number; ts: number }) => ({ id: r.id, value: r.value, ts: r.ts }));

/** The cores that each thread of this process may run on. */
function coresByThread(): Map<string, string> {
  const cores = new Map<string, string>();
  for (const thread of readdirSync('/proc/self/task')) {
    const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
    cores.set(thread, /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '');
  }
  return cores;
}

/** How many threads there are for each single core that have been pinned while something ran, once it has run. */
async function pinnedBy(run: () => Promise<void> | void): Promise<Record<string, number>> {
  const before = coresByThread();
  await run();
  const counts: Record<string, number> = {};
  for (const [thread, cores] of coresByThread()) {
    if (cores !== before.get(thread) && /^\d+$/.test(cores)) counts[cores] = (counts[cores] ?? 0) + 1;
  }
  return counts;
}

describe.skipIf(!canPin)('a thread', () => {
  const pinning = platform().pinning();
  const cores = 'cores' in pinning ? pinning.cores : [];
  const last = cores.at(-1) as number;

  it('of a named worker is pinned to the core that it is given, and no other is', () =>
    withEngine({}, async (engine) => {
      const pinned = await pinnedBy(async () => {
        const readings = engine.source(Reading);
        const stage = readings.stage({ placement: { worker: 'a', core: last } }, same());
        stage.stage({ placement: { worker: 'b' } }, same());
        readings.next(reading(1, 1));
        await engine.idle();
      });
      // Helpers of the runtime that the pinned thread starts inherit its core.
      if (cores.length > 1) expect(Object.keys(pinned)).toEqual([`${last}`]);
      expect(coresByThread().get(`${process.pid}`)).not.toBe(cores.length > 1 ? `${last}` : undefined);
    }));

  it('of each worker is pinned with pinCores, to all cores but the first', () =>
    withEngine({ pinCores: true, maxWorkers: 3 }, async (engine) => {
      const pinned = await pinnedBy(async () => {
        const readings = engine.source(Reading);
        let last = readings.stage(same());
        for (let i = 0; i < 2; i++) last = last.stage(same());
        readings.next(reading(1, 1));
        await engine.idle();
      });
      const spare = cores.length > 1 ? cores.slice(1) : [];
      for (const core of Object.keys(pinned)) expect(spare).toContain(Number(core));
      expect(Object.keys(pinned).length).toBe(Math.min(3, spare.length));
    }));

  it('with a loop of the user’s is pinned to the core that it is given', () =>
    withEngine({}, async (engine) => {
      const loop = 'data:text/javascript,export%20default%20()%20=>%20()%20=>%20false';
      const pinned = await pinnedBy(async () => {
        engine.worker(loop, {}, { core: last });
        if (cores.length > 1) {
          await vi.waitUntil(() => [...coresByThread().values()].includes(`${last}`), { timeout: 20_000 });
        }
      });
      if (cores.length > 1) expect(Object.keys(pinned)).toEqual([`${last}`]);
    }));

  it('is not pinned to a core that is not there, nor to two', () =>
    withEngine({}, (engine) => {
      const stage = (core: number) =>
        engine.source(Reading).stage({ placement: { worker: 'a', core } }, same());
      for (const core of [-1, 1.5, 100_000]) {
        expect(() => stage(core)).toThrow(expect.objectContaining({ code: 'CORE' }));
      }
      stage(cores[0] as number);
      stage(cores[0] as number);
      if (cores.length > 1) {
        expect(() => stage(last)).toThrow(expect.objectContaining({ code: 'WORKER_CORE' }));
      }
    }));
});

describe('where threads can not be pinned', () => {
  it('the options that ask for it are refused, with what to do', async () => {
    const why = 'the package koffi is not installed (npm install koffi)';
    const spy = vi.spyOn(platform(), 'pinning').mockReturnValue({ why });
    try {
      const refused = expect.objectContaining({
        code: 'PINNING_UNAVAILABLE',
        message: expect.stringContaining(why),
      });
      expect(() => createEngine({ pinCores: true })).toThrow(refused);
      await withEngine({}, (engine) => {
        const readings = engine.source(Reading);
        expect(() => readings.stage({ placement: { worker: 'a', core: 0 } }, same())).toThrow(refused);
        expect(() => engine.worker('data:text/javascript,', {}, { core: 0 })).toThrow(refused);
        // Nothing else is.
        readings.stage({ placement: { worker: 'a' } }, same());
      });
    } finally {
      spy.mockRestore();
    }
  });
});

it('coresOf() reads lists as the system writes them', () => {
  expect(coresOf('0')).toEqual([0]);
  expect(coresOf('0-2,5,8-9')).toEqual([0, 1, 2, 5, 8, 9]);
});
