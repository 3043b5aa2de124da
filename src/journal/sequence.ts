// Sequences up to 2^53 in 32-bit cells, for one thread that writes and many that read.
//
// A cursor is (lo, hi, hi'), where hi' repeats hi. Within 2^32 records only `lo` changes, by one atomic store. When it
// wraps, the writer stores hi, lo, hi' in that order, and readers load hi', lo, hi in the opposite one: if hi = hi', no
// wrap lay between them and lo belongs to hi. (lo, hi) is also a little-endian 64-bit integer.
import type { Memory } from '../memory/index.js';

const TWO_32 = 4_294_967_296;
const LO = 0;
const HI = 1;
const HI_AGAIN = 2;

/** The low 32 bits of a sequence, as a signed integer. */
export function lowBits(sequence: number): number {
  return (sequence % TWO_32) | 0;
}

/** Stores a sequence; only the cursor's one writer may. `before` is the sequence stored there before. */
export function storeSequence(memory: Memory, cell: number, sequence: number, before: number): void {
  const { cells, i32 } = memory;
  const hi = Math.floor(sequence / TWO_32);
  if (hi === Math.floor(before / TWO_32)) {
    cells.store(i32, cell + LO, lowBits(sequence));
  } else {
    cells.store(i32, cell + HI, hi);
    cells.store(i32, cell + LO, lowBits(sequence));
    cells.store(i32, cell + HI_AGAIN, hi);
  }
}

/** Loads a sequence that another thread may be storing. */
export function loadSequence(memory: Memory, cell: number): number {
  const { cells, i32 } = memory;
  for (;;) {
    const hi = cells.load(i32, cell + HI_AGAIN);
    const lo = cells.load(i32, cell + LO);
    if (cells.load(i32, cell + HI) === hi) return hi * TWO_32 + (lo >>> 0);
  }
}
