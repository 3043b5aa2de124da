// Several fused() in one worker: what becomes of the others when one ends, fails, is left, or takes the worker with it.
import { concat, interval, lastValueFrom, NEVER, of, Subject, timer } from 'rxjs';
import { retry, map as rxMap, takeUntil, toArray } from 'rxjs/operators';
import { describe, expect, it } from 'vitest';
import { map, step } from '../../operators/index.js';
import { createEngine, type Engine, f64, fused, StageError, struct } from '../../src/index.js';
import { withThreads } from '../faults/kit.js';
import { counts, leaveStuck, type Record, until, values } from './fused-kit.js';
import { Reading, reading } from './pipelines.js';

const CLOSE_TIMEOUT_MS = 300;

/** Runs with an engine of one worker, and with its threads at hand. */
function withOneWorker(
  run: (engine: Engine, threads: readonly unknown[]) => Promise<void>,
  closeTimeoutMs = CLOSE_TIMEOUT_MS,
): Promise<void> {
  return withThreads(async (threads) => {
    const engine = createEngine({ maxWorkers: 1, closeTimeoutMs });
    try {
      await run(engine, threads);
    } finally {
      await engine.close().catch(() => {});
    }
  });
}

/** A pipeline that goes on in the same worker: what it has delivered, and how it ends. */
function neighbour(engine: Engine) {
  const input = new Subject<Record>();
  const seen: number[] = [];
  const end = new Promise<unknown>((resolve) => {
    input.pipe(fused(Reading, { engine, name: 'neighbour' }, counts())).subscribe({
      next: ({ n }) => seen.push(n),
      error: resolve,
      complete: () => resolve('complete'),
    });
  });
  return {
    end,
    /** Gives it records, and waits for what comes of them. */
    async goesOn() {
      const before = seen.length;
      for (let i = 0; i < 10; i++) input.next(reading(1, i));
      await until(() => seen.length === before + 10, 'the neighbour goes on');
      expect(seen.at(-1)).toBe(before + 10);
    },
    input,
  };
}

describe('of several fused() in one worker', () => {
  it('the others go on when one completes, fails, or is left', () =>
    withOneWorker(async (engine, threads) => {
      const other = neighbour(engine);
      await other.goesOn();
      await lastValueFrom(of(reading(1, 1)).pipe(fused(Reading, { engine }, values())));
      await other.goesOn();
      const fails = of(reading(1, 1)).pipe(
        fused(
          Reading,
          { engine },
          map((r) => {
            if (r.value === 1) throw new Error('one');
            return { v: r.value };
          }),
        ),
      );
      await expect(lastValueFrom(fails)).rejects.toBeInstanceOf(StageError);
      await other.goesOn();
      const left = new Subject<Record>();
      const subscription = left.pipe(fused(Reading, { engine }, values())).subscribe();
      for (let i = 0; i < 100; i++) left.next(reading(1, i));
      subscription.unsubscribe();
      await other.goesOn();
      other.input.complete();
      expect(await other.end).toBe('complete');
      expect(threads).toHaveLength(1);
    }));

  it('all end with an error that says why, when the worker exits', () =>
    withOneWorker(async (engine, threads) => {
      const others = [neighbour(engine), neighbour(engine)];
      for (const other of others) await other.goesOn();
      const exits = map((r: Record) => {
        [].constructor.constructor('process.exit(1)')();
        return { v: r.value };
      });
      const doomed = concat(of(reading(1, 1)), NEVER).pipe(fused(Reading, { engine, name: 'doomed' }, exits));
      await expect(lastValueFrom(doomed)).rejects.toMatchObject({ code: 'STAGE_FAILED' });
      for (const other of others) {
        expect(await other.end).toMatchObject({ code: 'STAGE_FAILED', stage: 'neighbour' });
        expect(String(await other.end)).toMatch(/worker .* (died|exited)/i);
        expect(other.input.observed).toBe(false);
      }
      // What comes next has another worker.
      await neighbour(engine).goesOn();
      expect(threads).toHaveLength(2);
    }));

  it('all end with an error that names the stage, when one is left that never returns; retry() has another worker', () =>
    withOneWorker(async (engine, threads) => {
      const others = [neighbour(engine), neighbour(engine)];
      for (const other of others) await other.goesOn();
      const ticks = lastValueFrom(
        interval(5).pipe(
          rxMap((i) => reading(1, i + 100)),
          fused(Reading, { engine }, values()),
          takeUntil(timer(4 * CLOSE_TIMEOUT_MS)),
          retry(1),
          toArray(),
        ),
      );
      await leaveStuck({ engine });
      for (const other of others) {
        const error = await other.end;
        expect(error).toMatchObject({ code: 'STAGE_FAILED', stage: 'neighbour' });
        expect(String(error)).toMatch(/stage endless did not return within 300 ms/);
      }
      const again = neighbour(engine);
      await again.goesOn();
      expect((await ticks).length).toBeGreaterThan(0);
      expect(threads).toHaveLength(2);
      await until(() => engine.core.disposal.isDone, 'the endless one is gone');
    }));

  it('one that is slow, but returns, is not taken for one that never does', () =>
    withOneWorker(async (engine, threads) => {
      const other = neighbour(engine);
      await other.goesOn();
      // Some milliseconds a record: many seconds, if its worker looked up only after a thousand of them.
      const slow = map((r: Record) => {
        let x = r.value;
        for (let i = 0; i < 3_000_000; i++) x += Math.sqrt(i);
        return { v: x };
      });
      const input = new Subject<Record>();
      const subscription = input.pipe(fused(Reading, { engine }, slow)).subscribe();
      for (let i = 0; i < 4_000; i++) input.next(reading(1, i));
      await new Promise((resolve) => setTimeout(resolve, 50));
      subscription.unsubscribe();
      await until(() => engine.core.disposal.isDone, 'the slow one is gone');
      await other.goesOn();
      expect(threads).toHaveLength(1);
    }, 3_000));

  it('one that waits for room keeps the others, and is not taken for one that never returns', () =>
    withOneWorker(async (engine, threads) => {
      const readings = engine.source(Reading);
      const many = step(
        (_: Record, __, emit: (r: { v: number }) => void) => {
          for (let i = 0; i < 50; i++) emit({ v: i });
        },
        { out: struct({ v: f64 }) },
      );
      const reader = readings.stage({ capacity: 4 }, many).reader();
      // Its stage is at work there before the other waits on top of it.
      const left = new Subject<Record>();
      let seen = 0;
      const subscription = left.pipe(fused(Reading, { engine }, values())).subscribe(() => seen++);
      left.next(reading(1, 1));
      await until(() => seen === 1, 'the other is at work');
      readings.next(reading(1, 1));
      expect(await reader.receive()).toEqual({ v: 0 });
      subscription.unsubscribe();
      await new Promise((resolve) => setTimeout(resolve, 3 * CLOSE_TIMEOUT_MS));
      for (let i = 1; i < 50; i++) expect(await reader.receive()).toEqual({ v: i });
      await until(() => engine.core.disposal.isDone, 'the other is gone');
      expect(threads).toHaveLength(1);
    }));
});
