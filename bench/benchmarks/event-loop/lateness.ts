// How late timers are: what runs on the event loop besides keeps them waiting

/** Lateness of timers, in milliseconds. */
export interface Lateness {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly timers: number;
}

/** Longest that a timer of `1` may take by itself. */
const TIMER_MS = 1;

/** Sets timers one after the other, until the returned function is called. */
export function measureLateness(): () => Lateness {
  const late: number[] = [];
  let over = false;
  let due = 0;
  const set = (): void => {
    due = performance.now() + TIMER_MS;
    setTimeout(() => {
      late.push(Math.max(0, performance.now() - due));
      if (!over) set();
    }, TIMER_MS);
  };
  set();
  return () => {
    over = true;
    // The one that is set is as late as it is by now.
    late.push(Math.max(0, performance.now() - due));
    late.sort((a, b) => a - b);
    const at = (share: number) => late[Math.min(late.length - 1, Math.floor(late.length * share))] as number;
    return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), timers: late.length };
  };
}
