// What the tests of fused() share: pipelines, inputs that are watched, and that nothing is left of a subscription.
import { concat, firstValueFrom, NEVER, Observable, of } from 'rxjs';
import { expect, vi } from 'vitest';
import { map, stateful, step } from '../../operators/index.js';
import {
  createEngine,
  type Engine,
  type EngineOptions,
  type FusedOptions,
  f64,
  fused,
  struct,
} from '../../src/index.js';
import { Reading, reading } from './pipelines.js';

export type Record = ReturnType<typeof reading>;

/** Passes on the value of each record. */
export const values = () => map((r: Record) => ({ v: r.value }));

/** Counts the records of each id: `{ id, n }`. */
export const counts = () =>
  stateful(
    (r: Record) => r.id,
    (r) => ({ id: r.id, n: 1 }),
    (s) => {
      s.n++;
    },
  );

/** Never returns from the record with the value 13; says so before. */
const endless = () =>
  step(
    (r: Record, _, emit: (r: { v: number }) => void) => {
      if (r.value === 13) console.log('it begins');
      while (r.value === 13);
      emit({ v: r.value });
    },
    { out: struct({ v: f64 }) },
  );

/** Subscribes to a fused() whose function does not return, and leaves it once it is stuck. */
export async function leaveStuck(options: FusedOptions): Promise<void> {
  const lines = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    const input = concat(of(reading(1, 1), reading(1, 13)), NEVER);
    const subscription = input.pipe(fused(Reading, { name: 'endless', ...options }, endless())).subscribe();
    await until(() => lines.mock.calls.some(([line]) => line === 'it begins'), 'it is stuck');
    subscription.unsubscribe();
  } finally {
    lines.mockRestore();
  }
}

/** Resolves once something holds; rejects if it takes longer than anything here may. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const start = performance.now();
  while (!holds()) {
    if (performance.now() - start > 20_000) throw new Error(`It never came about that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/**
 * Runs with an engine whose workers have started, and expects that in the end it has no pipeline and exactly the memory in
 * use that it had before.
 */
export async function leavingNoPipeline(
  options: EngineOptions,
  run: (engine: Engine) => Promise<unknown> | unknown,
): Promise<void> {
  const { placement, maxWorkers = 2 } = options;
  const engine = createEngine(placement === 'inline' ? options : { ...options, maxWorkers });
  try {
    const operator = fused(Reading, { engine, capacity: 2 }, values());
    const held = Array.from({ length: maxWorkers }, () => NEVER.pipe(operator).subscribe());
    await firstValueFrom(of(reading(1, 1)).pipe(operator));
    for (const subscription of held) subscription.unsubscribe();
    await quiet(engine);
    const { memoryUsed } = engine.stats();
    await run(engine);
    await quiet(engine);
    expect(engine.stats().memoryUsed).toBe(memoryUsed);
  } finally {
    await engine.close().catch(() => {});
  }
}

/** Resolves once an engine has no pipelines, and workers have let go of those that it had. */
function quiet(engine: Engine): Promise<void> {
  return until(
    () => engine.stats().sources.length === 0 && engine.core.disposal.isDone,
    'the engine has no pipeline',
  );
}

/** An input that counts who listens to it. */
export interface Watched<T> {
  readonly input: Observable<T>;
  /** Subscriptions so far, and those that are not over. */
  subscriptions: number;
  open: number;
}

export function watched<T>(source: Observable<T>): Watched<T> {
  const watch: Watched<T> = {
    subscriptions: 0,
    open: 0,
    input: new Observable((subscriber) => {
      watch.subscriptions++;
      watch.open++;
      subscriber.add(() => {
        watch.open--;
      });
      return source.subscribe(subscriber);
    }),
  };
  return watch;
}
