// The atomics seam: the only module that uses `Atomics`, so that a checker can replace it.
//
// All atomic words are 32-bit cells. ECMAScript's atomics are sequentially consistent: if every pair of conflicting
// plain accesses is ordered by them, the program behaves as if it ran on one core. Each plain access to shared memory
// elsewhere in the project names the cell that orders it.

/** Operations on 32-bit cells of one memory. */
export interface Cells {
  load(cells: Int32Array, index: number): number;
  store(cells: Int32Array, index: number, value: number): void;
  add(cells: Int32Array, index: number, value: number): number;
  exchange(cells: Int32Array, index: number, value: number): number;
  compareExchange(cells: Int32Array, index: number, expected: number, value: number): number;
  /** Wakes the threads that sleep on a cell; returns how many there were. */
  notify(cells: Int32Array, index: number): number;
  /**
   * Orders every access before it against every access after it.
   *
   * A read-modify-write is a full barrier on x86. On ARM64 its store is a release, so that nothing before it moves
   * below; the load that follows is an acquire, so that nothing after it moves above; and a load-acquire is never
   * reordered with an earlier store-release. Together they are a full fence.
   */
  fence(cells: Int32Array, index: number): void;
}

/** Cells shared between threads. */
export const sharedCells: Cells = {
  load: (cells, index) => Atomics.load(cells, index),
  store: (cells, index, value) => {
    Atomics.store(cells, index, value);
  },
  add: (cells, index, value) => Atomics.add(cells, index, value),
  exchange: (cells, index, value) => Atomics.exchange(cells, index, value),
  compareExchange: (cells, index, expected, value) => Atomics.compareExchange(cells, index, expected, value),
  notify: (cells, index) => Atomics.notify(cells, index),
  fence: (cells, index) => {
    Atomics.add(cells, index, 0);
    Atomics.load(cells, index);
  },
};

/** Cells of a memory that one thread has to itself: ordinary reads and writes. */
export const localCells: Cells = {
  load: (cells, index) => cells[index] as number,
  store: (cells, index, value) => {
    cells[index] = value;
  },
  add: (cells, index, value) => {
    const before = cells[index] as number;
    cells[index] = before + value;
    return before;
  },
  exchange: (cells, index, value) => {
    const before = cells[index] as number;
    cells[index] = value;
    return before;
  },
  compareExchange: (cells, index, expected, value) => {
    const before = cells[index] as number;
    if (before === expected) cells[index] = value;
    return before;
  },
  notify: () => 0,
  fence: () => {},
};

/** Blocks the thread while a cell holds `value`, for at most `timeoutMs`. Not allowed on a browser's main thread. */
export function sleep(cells: Int32Array, index: number, value: number, timeoutMs: number): void {
  Atomics.wait(cells, index, value, timeoutMs);
}

/** Whether this environment can wait for a cell without blocking. */
export const canSleepAsync = typeof Atomics !== 'undefined' && 'waitAsync' in Atomics;

/** Resolves once a cell no longer holds `value`, or to `timed-out` after `timeoutMs`; undefined if it never slept. */
export function sleepAsync(
  cells: Int32Array,
  index: number,
  value: number,
  timeoutMs: number,
): Promise<unknown> | undefined {
  const waitAsync = (Atomics as unknown as { waitAsync: WaitAsync }).waitAsync;
  const result = waitAsync(cells, index, value, timeoutMs);
  return result.async ? (result.value as Promise<unknown>) : undefined;
}

type WaitAsync = (
  cells: Int32Array,
  index: number,
  value: number,
  timeout: number,
) => { async: boolean; value: unknown };
