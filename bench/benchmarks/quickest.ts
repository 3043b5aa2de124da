// Times runs by turns, and keeps the quickest of each: what is left is least disturbed by others
import type { Observation } from '../harness/benchmark.js';

/** How long the quickest of so many runs took, of each of several, in ms. */
export function quickest<R extends readonly (() => void)[]>(
  repeats: number,
  ...runs: R
): { [I in keyof R]: number } {
  const times = runs.map(() => Number.POSITIVE_INFINITY);
  for (let i = 0; i < repeats; i++) {
    runs.forEach((run, k) => {
      const start = performance.now();
      run();
      times[k] = Math.min(times[k] as number, performance.now() - start);
    });
  }
  return times as { [I in keyof R]: number };
}

/** Of times in ms, for each of a number of samples, in ns. Noise can make what is subtracted the greater one. */
export function costs(all: number, loop: number, samples: number): Observation {
  return { ns: (Math.max(0, all - loop) / samples) * 1e6, loopNs: (loop / samples) * 1e6 };
}
