// What fused() costs over time: ten thousand subscriptions leave nothing behind, and the default engine ends with the last.
import { firstValueFrom, lastValueFrom, NEVER, of, Subject } from 'rxjs';
import { toArray } from 'rxjs/operators';
import { beforeAll, describe, expect, it } from 'vitest';
import { fused } from '../../src/index.js';
import { withThreads } from '../faults/kit.js';
import { bundleProgram, resultOf } from '../program.js';
import { leaveStuck, type Record, until, values } from './fused-kit.js';
import { PLACEMENTS, Reading, reading } from './pipelines.js';
import type { Snapshot } from './subscriptions-program.js';

const MB = 1024 * 1024;

describe.each(PLACEMENTS)('subscriptions to a fused() placed %s', (placement) => {
  let program = '';
  beforeAll(async () => {
    program = await bundleProgram('test/rx/subscriptions-program.ts');
  });

  // Nurseries of garbage collection that keep their size, or what they grow to is all that is seen.
  const flags = ['--expose-gc', '--max-semi-space-size=1'];
  it.each([
    [10_000, 'their own', 'own'],
    [2_000, 'the default', 'default'],
  ])(
    'leave memory, threads and listeners as they were: %i of them, on %s engine',
    async (subscriptions, _, whose) => {
      const args = [...flags, placement, whose, String(subscriptions)];
      const snapshots = await resultOf<Snapshot[]>(program, args, 600_000);
      const [first, ...later] = snapshots as [Snapshot, ...Snapshot[]];
      expect(later.at(-1)?.subscriptions).toBe(subscriptions);
      for (const { arenaBytes, threads, listeners } of later) {
        expect({ arenaBytes, threads, listeners }).toEqual({
          arenaBytes: first.arenaBytes,
          threads: first.threads,
          listeners: first.listeners,
        });
      }
      // One snapshot may catch what has not been collected yet, three do not.
      const least = (of: (snapshot: Snapshot) => number) => Math.min(...later.slice(-3).map(of));
      expect(least(({ heapBytes }) => heapBytes) - first.heapBytes).toBeLessThan(1 * MB);
      expect(least(({ rssBytes }) => rssBytes) - first.rssBytes).toBeLessThan(8 * MB);
    },
    600_000,
  );
});

describe('the default engine', () => {
  const operator = () => fused(Reading, values());
  const once = async () =>
    expect(await lastValueFrom(of(reading(1, 7)).pipe(operator(), toArray()))).toEqual([{ v: 7 }]);

  it('is shared by all, made for the first subscription, and ends with its workers soon after the last', () =>
    withThreads(async (workers) => {
      const piped = NEVER.pipe(operator());
      expect(workers).toHaveLength(0);
      const held = piped.subscribe();
      const started = workers.length;
      expect(started).toBe(1);
      const input = new Subject<Record>();
      const ended: number[] = [];
      const first = firstValueFrom(input.pipe(operator()));
      for (const [i, worker] of workers.entries()) worker.once('exit', () => ended.push(i));
      input.next(reading(1, 1));
      expect(await first).toEqual({ v: 1 });
      // One that holds on keeps it.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(ended).toEqual([]);
      held.unsubscribe();
      await until(() => ended.length === started, 'its workers end');
      await once();
      expect(workers.length).toBeGreaterThan(started);
    }));

  it('stays for a subscription that follows soon', () =>
    withThreads(async (workers) => {
      for (let i = 0; i < 20; i++) await once();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await once();
      // The one before may have held on to those of an earlier test.
      expect(workers.length).toBeLessThanOrEqual(1);
    }));

  it('ends although a function does not return, and tells nobody: its pipeline was left', async () => {
    const rejected: unknown[] = [];
    const note = (reason: unknown) => rejected.push(reason);
    process.on('unhandledRejection', note);
    try {
      await withThreads(async (workers) => {
        await leaveStuck({ placement: { worker: 'stuck' } });
        expect(workers).toHaveLength(1);
        let over = false;
        workers[0]?.once('exit', () => {
          over = true;
        });
        await until(() => over, 'its worker is terminated');
        await new Promise((resolve) => setTimeout(resolve, 100));
        await once();
      });
      expect(rejected).toEqual([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });
});
