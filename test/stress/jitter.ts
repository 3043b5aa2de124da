// Jitter: atomic operations that are followed by pauses of random length, so that threads meet at every point.
import type { Cells, Memory } from '../../src/memory/index.js';
import type { Random } from './random.js';

/** One pause in so many operations. */
const SELDOM = 4;
/** One pause in so many is long enough for another thread to do a lot. */
const LONG_SELDOM = 256;
const SHORT_SPINS = 200;
const LONG_SPINS = 20_000;

/** Wastes a random time. */
export function pause(random: Random): void {
  const spins = random.bits() % (random.oneIn(LONG_SELDOM) ? LONG_SPINS : SHORT_SPINS);
  for (let i = 0; i < spins; i++) random.bits();
}

/** The same memory, whose atomic operations take their time. */
export function withJitter(memory: Memory, random: Random): Memory {
  const { cells } = memory;
  const then = <T>(result: T): T => {
    if (random.oneIn(SELDOM)) pause(random);
    return result;
  };
  const slow: Cells = {
    load: (i32, index) => then(cells.load(i32, index)),
    store: (i32, index, value) => then(cells.store(i32, index, value)),
    add: (i32, index, value) => then(cells.add(i32, index, value)),
    exchange: (i32, index, value) => then(cells.exchange(i32, index, value)),
    compareExchange: (i32, index, expected, value) =>
      then(cells.compareExchange(i32, index, expected, value)),
    notify: (i32, index) => then(cells.notify(i32, index)),
    fence: (i32, index) => then(cells.fence(i32, index)),
  };
  return { ...memory, cells: slow };
}
