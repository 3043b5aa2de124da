// What the tests of faults share: watchdogs, threads that can be ended from outside, and what must be left of an engine.
import process from 'node:process';
import type { Worker } from 'node:worker_threads';
import type { Observable } from 'rxjs';
import { expect } from 'vitest';
import { createEngine, type Engine, type EngineOptions, f64, struct, u32 } from '../../src/index.js';

export const Reading = struct({ id: u32, value: f64 }, 'Reading');

export const PLACEMENTS = ['inline', 'worker'] as const;

export function reading(id: number, value: number): { id: number; value: number } {
  return { id, value };
}

/** Longest that anything here may take to come to its outcome: five times what is promised. */
const WATCHDOG_MS = 5_000;

/** What a promise comes to; rejects if that takes longer than any fault may. */
export async function settles<T>(promise: Promise<T>, ms = WATCHDOG_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing has come of it in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves with what a promise rejects with. */
export function rejection(promise: Promise<unknown>, ms = WATCHDOG_MS): Promise<unknown> {
  const rejected = promise.then(
    () => {
      throw new Error('it did not reject');
    },
    (error: unknown) => error,
  );
  return settles(rejected, ms);
}

/** What has come out of an Observable, and how it has ended. */
export interface Outcome<T> {
  readonly values: T[];
  /** Resolves with the error, or with undefined on completion. */
  readonly end: Promise<unknown>;
}

/** Collects what an Observable gives. */
export function collect<T>(observable: Observable<T>): Outcome<T> {
  const values: T[] = [];
  const end = new Promise<unknown>((resolve) => {
    observable.subscribe({
      next: (value) => values.push(value),
      error: resolve,
      complete: () => resolve(undefined),
    });
  });
  return { values, end };
}

const threads = process.getBuiltinModule('node:worker_threads');

/** Runs with every worker that is started meanwhile at hand. */
export async function withThreads<R>(run: (workers: readonly Worker[]) => Promise<R>): Promise<R> {
  const { Worker: Original } = threads;
  const workers: Worker[] = [];
  threads.Worker = class extends Original {
    constructor(...args: ConstructorParameters<typeof Original>) {
      super(...args);
      workers.push(this);
    }
  };
  try {
    return await run(workers);
  } finally {
    threads.Worker = Original;
  }
}

/**
 * Runs with an engine, closes it, and expects that nothing is left: no thread, and no memory but what an engine has from the
 * start.
 *
 * @param run Gets the engine and its threads.
 */
export function leavingNothing(
  options: EngineOptions,
  run: (engine: Engine, workers: readonly Worker[]) => Promise<void>,
): Promise<void> {
  return withThreads(async (workers) => {
    const engine = createEngine(options);
    const { memoryUsed } = engine.stats();
    try {
      await run(engine, workers);
    } finally {
      await settles(engine.close().catch(() => {}));
    }
    expect(engine.stats()).toMatchObject({ sources: [], stages: [], memoryUsed });
    const alive = workers.map((worker) => exited(worker));
    await settles(Promise.all(alive));
  });
}

/** Resolves once a thread has ended. */
function exited(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    if (worker.threadId === -1) resolve();
    else worker.once('exit', () => resolve());
  });
}
