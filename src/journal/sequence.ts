// Sequences up to 2^53 in 32-bit cells, for one thread that writes and many that read.
//
// A cursor is (lo, hi, hi'), where hi' repeats hi. Within 2^32 records only `lo` changes, by one atomic store. When it
// wraps, the writer stores hi, lo, hi' in that order, and readers load hi', lo, hi in the opposite one: if hi = hi', no
// wrap lay between them and lo belongs to hi. (lo, hi) is also a little-endian 64-bit integer.
//
// A writer may die between its stores of hi and hi', and then they never agree. A reader that finds the same three values
// twice, hi ahead of hi', knows that the writer was between these stores when it loaded hi' for the second time, and tells
// by lo whether lo was stored: before a wrap it is in the upper half of its range, after it in the lower, since no step is as
// long as half of it. (It would be wrong about a writer that made 2^32 steps, to a record, between two of these loads.)
import type { Memory } from '../memory/index.js';

const TWO_32 = 4_294_967_296;
const LO = 0;
const HI = 1;
const HI_AGAIN = 2;

/** The low 32 bits of a sequence, as a signed integer. */
export function lowBits(sequence: number): number {
  // Of whole numbers below 2^53 these are exactly the low bits.
  return sequence | 0;
}

/** The bits above them. Within the first 2^32 records no number is made that would have to be allocated. */
function highBits(sequence: number): number {
  return sequence >= 0 && sequence < TWO_32 ? 0 : Math.floor(sequence / TWO_32);
}

/** Stores a sequence; only the cursor's one writer may. `before` is the sequence stored there before. */
export function storeSequence(memory: Memory, cell: number, sequence: number, before: number): void {
  const { cells, i32 } = memory;
  const hi = highBits(sequence);
  if (hi === highBits(before)) {
    cells.store(i32, cell + LO, lowBits(sequence));
  } else {
    cells.store(i32, cell + HI, hi);
    cells.store(i32, cell + LO, lowBits(sequence));
    cells.store(i32, cell + HI_AGAIN, hi);
  }
}

/** Loads a sequence that another thread may be storing, or was storing when it died. */
export function loadSequence(memory: Memory, cell: number): number {
  const { cells, i32 } = memory;
  let hiBefore = -1;
  let loBefore = -1;
  let againBefore = -1;
  for (;;) {
    const again = cells.load(i32, cell + HI_AGAIN);
    const lo = cells.load(i32, cell + LO);
    const hi = cells.load(i32, cell + HI);
    if (hi === again) return hi * TWO_32 + (lo >>> 0);
    if (hi === hiBefore && lo === loBefore && again === againBefore) {
      return (lo < 0 ? again : hi) * TWO_32 + (lo >>> 0);
    }
    hiBefore = hi;
    loBefore = lo;
    againBefore = again;
  }
}
