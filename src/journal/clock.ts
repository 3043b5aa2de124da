// A clock that all threads of a process agree on, at the cost of `performance.now()`.
//
// That counts from another moment in each thread. What lies between it and a clock that all of them have is worked out once
// for each thread, to within the time that looking at both takes, some 100 ns.

/** What this thread's `performance.now()` is behind the clock, in ms. */
let behind: number | undefined;

/** The time in ms, with fractions, since a moment that is the same for all threads of the process. It never goes back. */
export function sharedNow(): number {
  behind ??= compare();
  return performance.now() + behind;
}

function compare(): number {
  const { process } = globalThis as {
    process?: { hrtime?: (() => [seconds: number, nanoseconds: number]) | undefined };
  };
  const hrtime = process?.hrtime;
  // Browsers: since 1970.
  if (hrtime === undefined) return performance.timeOrigin;
  let [least, difference] = [Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i < 16; i++) {
    const before = performance.now();
    const [seconds, nanoseconds] = hrtime();
    const after = performance.now();
    if (after - before >= least) continue;
    least = after - before;
    difference = seconds * 1_000 + nanoseconds / 1_000_000 - (before + after) / 2;
  }
  return difference;
}
