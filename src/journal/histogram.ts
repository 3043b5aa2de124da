// A histogram in shared memory: how often values occurred, in log-linear buckets. Here is where everything lies in its region;
// histogram-writer.ts and histogram-reader.ts have the protocol.
//
//   line 0        writer      the least and the greatest value; what a timer keeps between two looks at the clock
//   line 1        anybody     moves of counts that were begun, and that are done; who writes
//   then          low         one cell for each bucket: the low bits of how many values it has
//   then          high        … and how often 2^31 of them were moved here
//   then          low, high   the same as of the last reset: reading subtracts it
//   then          shared      low bits of what is recorded by those who are not the owner
//
// Buckets. Values below 2^m have buckets of their own. Each power of two above has 2^m buckets of equal width, so a bucket is
// narrower than its values by a factor of 2^m at least. The index of a value v of 2^e and more, e >= m, is (e - m + 1) * 2^m
// and the m bits of v below its first one. These are the buckets of HdrHistogram for m = 4, 7, 10: 1, 2, 3 significant digits.
//
// Source: G. Tene, HdrHistogram.
import { fail } from '../errors/index.js';
import { type Arena, LINE_CELLS, LINE_WORDS, type Memory, RegionKind } from '../memory/index.js';

// Line 0, in words.
export const LEAST = 0;
export const GREATEST = 1;
/** f64: when the timer was started, in the clock's ms; -1 while it stands. */
export const STARTED = 2;
/** f64: the time that it ran before that, in ms; -1 while nothing was taken. */
export const ELAPSED = 3;
/** i32, the first cell of this word: records that are let pass before the next is timed. */
export const SKIPS = 4;

// Line 1, in cells from the start of the region.
/** Moves of counts that were begun: resets, and counts that had got to 2^31. */
export const BEGUN = LINE_CELLS;
/** … that are done. While they are as many, no count is being moved. */
export const DONE = LINE_CELLS + 1;
/** Who writes: one of {@link HistogramWriters}. */
export const WRITTEN_BY = LINE_CELLS + 2;

/** Odd while somebody resets it, and never the same again. */
export const RESETTING = LINE_CELLS + 3;

/** 1 once a handle by hand is the owner; it stays that. */
export const HAS_OWNER = LINE_CELLS + 4;

export const HistogramWriters = { NOBODY: 0, STAGE: 1, HAND: 2 } as const;

const HEADER_WORDS = 2 * LINE_WORDS;
/** Which array it is, from the low bits on. */
export const HIGH = 1;
export const BASE_LOW = 2;
export const BASE_HIGH = 3;
export const SHARED = 4;
const ARRAYS = 5;

/** Significant digits that a histogram keeps of a value. */
export type HistogramDigits = 1 | 2 | 3;

/** The bits of a value below its first one that its bucket knows, by digits. */
const BITS = { 1: 4, 2: 7, 3: 10 } as const;
/** The greatest value that is told from others: 2^53 - 1. */
export const GREATEST_VALUE = Number.MAX_SAFE_INTEGER;
const VALUE_BITS = 53;

/** Which histogram it is and where it lies: it can be posted. */
export interface HistogramShape {
  readonly name: string;
  /** Word address of its region. */
  readonly address: number;
  readonly digits: HistogramDigits;
}

/** A histogram as a thread sees it. Cells count 32-bit cells. */
export interface HistogramMemory extends HistogramShape {
  readonly memory: Memory;
  /** First cell of the region. */
  readonly cell: number;
  readonly bits: number;
  readonly buckets: number;
  /** First cell of the low bits; the other arrays follow, `stride` cells apart. */
  readonly low: number;
  readonly stride: number;
}

/** `m` of the digits. */
export function bucketBits(digits: HistogramDigits): number {
  return BITS[digits];
}

export function bucketCount(bits: number): number {
  return (VALUE_BITS + 1 - bits) * 2 ** bits;
}

/** Bytes from the start of the region to the low bits. */
export const BUCKETS_FROM = 8 * HEADER_WORDS;

/** The bucket of a value from 0 to 2^53 - 1; fractions don't count. */
export function bucketOf(value: number, bits: number): number {
  if (value < 2_147_483_648) {
    const whole = value | 0;
    const shift = Math.max(0, 31 - bits - Math.clz32(whole));
    return (shift << bits) + (whole >> shift);
  }
  let shift = 31 - bits;
  while (value >= 2 ** (shift + bits + 1)) shift++;
  return shift * 2 ** bits + Math.floor(value / 2 ** shift);
}

/** The least whole number of a bucket. */
export function bucketStart(bucket: number, bits: number): number {
  const shift = Math.max(0, (bucket >> bits) - 1);
  return (bucket - shift * 2 ** bits) * 2 ** shift;
}

/** How many whole numbers a bucket has. */
export function bucketWidth(bucket: number, bits: number): number {
  return 2 ** Math.max(0, (bucket >> bits) - 1);
}

/** Cells from one array to the next. */
export function strideOf(buckets: number): number {
  return Math.ceil(buckets / LINE_CELLS) * LINE_CELLS;
}

/** The words that a histogram takes. */
export function histogramWords(digits: HistogramDigits): number {
  return HEADER_WORDS + (ARRAYS * strideOf(bucketCount(bucketBits(digits)))) / 2;
}

/**
 * Creates an empty histogram.
 *
 * @throws {RangeError} OUT_OF_MEMORY when it doesn't fit.
 */
export function createHistogram(arena: Arena, name: string, digits: HistogramDigits): HistogramMemory {
  const use = { kind: RegionKind.HISTOGRAM };
  const address = arena.allocate(histogramWords(digits), `histogram ${name}`, use);
  const histogram = openHistogramMemory(arena.memory, { name, address, digits });
  clearExtremes(histogram);
  const { f64 } = arena.memory;
  f64[address + STARTED] = -1;
  f64[address + ELAPSED] = -1;
  return histogram;
}

/** Opens a histogram that this or another thread created in the memory. */
export function openHistogramMemory(memory: Memory, shape: HistogramShape): HistogramMemory {
  const bits = bucketBits(shape.digits);
  const buckets = bucketCount(bits);
  const cell = 2 * shape.address;
  return { ...shape, memory, cell, bits, buckets, low: cell + BUCKETS_FROM / 4, stride: strideOf(buckets) };
}

/** Forgets the least and the greatest value. */
export function clearExtremes({ memory: { f64 }, address }: HistogramMemory): void {
  f64[address + LEAST] = Number.POSITIVE_INFINITY;
  f64[address + GREATEST] = -1;
}

/**
 * Takes a histogram for a writer; several may write by hand, or one stage.
 *
 * @throws {Error} HISTOGRAM_WRITTEN if it is the other one's.
 */
export function claimHistogram(
  { memory: { cells, i32 }, cell, name }: HistogramMemory,
  by: 'STAGE' | 'HAND',
): void {
  const before = cells.compareExchange(i32, cell + WRITTEN_BY, HistogramWriters.NOBODY, HistogramWriters[by]);
  if (before === HistogramWriters.NOBODY) return;
  if (by === 'HAND' && before === HistogramWriters.HAND) return;
  const writer = before === HistogramWriters.HAND ? 'the code that calls record()' : 'a stage';
  throw fail('HISTOGRAM_WRITTEN', { histogram: name, by: writer });
}

/** Makes a handle by hand the owner, which records with plain accesses; false if there is one. */
export function ownHistogram({ memory: { cells, i32 }, cell }: HistogramMemory): boolean {
  return cells.compareExchange(i32, cell + HAS_OWNER, 0, 1) === 0;
}

export function releaseHistogram({ memory: { cells, i32 }, cell }: HistogramMemory): void {
  cells.store(i32, cell + WRITTEN_BY, HistogramWriters.NOBODY);
}
