// Who writes a histogram: an owner with plain accesses, which is a stage or the first that records by hand; and others by hand
// with atomic ones, to an array of their own.
//
// A value is one more in one cell, which does not tear, and grows while no count is being moved: who reads sees for each bucket
// a number of values that it had during the reading. When a cell gets to 2^31 the writer that counted that value moves it: one
// more in the cell of the high bits, 2^31 less in that of the low ones. It announces the move in BEGUN before and in DONE after,
// with atomic operations as the move itself; a reader that saw them differ, or BEGUN grow, reads anew (histogram-reader.ts).
//
// LEAST and GREATEST are plain f64s that a reset and other writers may overwrite; a reader believes them only where they lie in
// the first and last bucket that have values, so nothing worse comes of it than the bounds of a bucket.
import {
  BEGUN,
  bucketOf,
  DONE,
  GREATEST,
  GREATEST_VALUE,
  HIGH,
  type HistogramMemory,
  LEAST,
  SHARED,
} from './histogram.js';

const GREATEST_COUNT = 2_147_483_647;
/** Takes as many away from a cell that has gone beyond it as one in the cell of the high bits stands for. */
const LESS_TWO_31 = -2_147_483_648;

/** Moves 2^31 values of a bucket, by the cell of its low bits, to its high bits. */
export function carry(
  { memory: { cells, i32 }, cell, stride }: Pick<HistogramMemory, 'memory' | 'cell' | 'stride'>,
  low: number,
  high = low + HIGH * stride,
): void {
  cells.add(i32, cell + BEGUN, 1);
  cells.add(i32, high, 1);
  cells.add(i32, low, LESS_TWO_31);
  cells.add(i32, cell + DONE, 1);
}

/** The owner's. */
export class HistogramWriter {
  protected readonly histogram: HistogramMemory;
  protected readonly i32: Int32Array;
  protected readonly f64: Float64Array;
  protected readonly address: number;
  private readonly low: number;
  private readonly bits: number;

  constructor(histogram: HistogramMemory) {
    this.histogram = histogram;
    this.i32 = histogram.memory.i32;
    this.f64 = histogram.memory.f64;
    this.address = histogram.address;
    this.low = histogram.low;
    this.bits = histogram.bits;
  }

  /** Counts a value; what is below 0 or no number as 0, what is above 2^53 - 1 as that. */
  record(value: number): void {
    const { i32, f64, address } = this;
    const v = value > 0 ? (value < GREATEST_VALUE ? value : GREATEST_VALUE) : 0;
    const at = this.low + bucketOf(v, this.bits);
    const count = ((i32[at] as number) + 1) | 0;
    i32[at] = count;
    if (count < 0) carry(this.histogram, at);
    widen(f64, address, v);
  }
}

/** Counts a value, beside the owner and others. */
export function recordShared(histogram: HistogramMemory, value: number): void {
  const { memory, address, low, stride, bits } = histogram;
  const { cells, i32, f64 } = memory;
  const bucket = low + bucketOf(value, bits);
  const at = bucket + SHARED * stride;
  if (cells.add(i32, at, 1) === GREATEST_COUNT) carry(histogram, at, bucket + HIGH * stride);
  widen(f64, address, value);
}

/** Sees to it that a value lies between the least and the greatest. */
function widen(f64: Float64Array, address: number, value: number): void {
  if (value < (f64[address + LEAST] as number)) f64[address + LEAST] = value;
  if (value > (f64[address + GREATEST] as number)) f64[address + GREATEST] = value;
}
