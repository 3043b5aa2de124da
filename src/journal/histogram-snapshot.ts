// What a histogram had when it was read: a value of its own, to be asked, merged, or printed.
import { fail } from '../errors/index.js';
import { describe } from '../schema/index.js';
import {
  bucketStart,
  bucketWidth,
  GREATEST_VALUE,
  type HistogramDigits,
  type HistogramMemory,
} from './histogram.js';

/** What a histogram builder of hdr-histogram-js takes, as far as it is used here. */
export interface HdrRequest {
  readonly lowestDiscernibleValue: number;
  readonly highestTrackableValue: number;
  readonly numberOfSignificantValueDigits: 1 | 2 | 3;
  readonly bitBucketSize: 64;
}

/** What a histogram of hdr-histogram-js does, as far as it is used here. */
export interface HdrLike {
  recordValueWithCount(value: number, count: number): void;
}

/** The values of a histogram as they were when it was read. It does not change any more. */
export class HistogramSnapshot {
  readonly name: string;
  /** Significant digits: 1, 2 or 3. */
  readonly digits: HistogramDigits;
  /** How many values there are. Exact. */
  readonly count: number;
  /**
   * The least and the greatest value, whole numbers; 0 if there are none. Exact, unless a reset or values recorded by several
   * threads came in between: then the bounds of their buckets.
   */
  readonly min: number;
  readonly max: number;
  private readonly bits: number;
  private readonly counts: Float64Array;

  /** @internal */
  constructor(histogram: HistogramMemory, counts: Float64Array, least: number, greatest: number) {
    const { bits } = histogram;
    this.name = histogram.name;
    this.digits = histogram.digits;
    this.bits = bits;
    this.counts = counts;
    const first = counts.findIndex((count) => count > 0);
    let last = counts.length - 1;
    while (last > 0 && counts[last] === 0) last--;
    this.count = counts.reduce((sum, count) => sum + count, 0);
    const within = (value: number, bucket: number, otherwise: number): number => {
      const from = bucketStart(bucket, bits);
      return value >= from && value < from + bucketWidth(bucket, bits) ? Math.floor(value) : otherwise;
    };
    this.min = first < 0 ? 0 : within(least, first, bucketStart(first, bits));
    this.max = first < 0 ? 0 : within(greatest, last, bucketStart(last, bits) + bucketWidth(last, bits) - 1);
  }

  /** The mean of the values, each taken as the middle of its bucket; 0 if there are none. */
  get mean(): number {
    let sum = 0;
    for (const { from, to, count } of this.buckets()) sum += count * ((from + to) / 2);
    return this.count === 0 ? 0 : Math.min(this.max, Math.max(this.min, sum / this.count));
  }

  /**
   * A value that so many percent of the values are not above: the greatest that its bucket may hold, at most `max`. 0 if there
   * are none.
   *
   * @param p From 0, which gives the first value that is there, to 100, which gives `max`.
   * @throws {RangeError} HISTOGRAM_PERCENTILE for something else.
   */
  percentile(p: number): number {
    if (typeof p !== 'number' || !(p >= 0 && p <= 100))
      throw fail('HISTOGRAM_PERCENTILE', { histogram: this.name, found: describe(p) });
    const { counts, bits, count } = this;
    // A rank that is a whole number stays one where the division makes it a bit more.
    const rank = Math.min(count, Math.max(1, Math.ceil(((p * count) / 100) * (1 - 2 ** -50))));
    let passed = 0;
    for (let bucket = 0; bucket < counts.length; bucket++) {
      passed += counts[bucket] as number;
      if (passed >= rank && passed > 0) {
        return Math.min(this.max, bucketStart(bucket, bits) + bucketWidth(bucket, bits) - 1);
      }
    }
    return 0;
  }

  /** The buckets that have values, in order: those from `from` to `to`, both included, were recorded `count` times. */
  *buckets(): Generator<{ readonly from: number; readonly to: number; readonly count: number }> {
    const { counts, bits } = this;
    for (let bucket = 0; bucket < counts.length; bucket++) {
      const count = counts[bucket] as number;
      if (count === 0) continue;
      const from = bucketStart(bucket, bits);
      yield { from, to: from + bucketWidth(bucket, bits) - 1, count };
    }
  }

  /**
   * The same as a histogram of the package hdr-histogram-js, to be merged with others, encoded, or printed. Its buckets are these,
   * so nothing is lost on the way.
   *
   * @param build That package's `build`.
   *
   * @example
   * ```ts readings
   * import { build } from 'hdr-histogram-js';
   * const times = engine.histogram('times');
   * times.record(1_500);
   * console.log(times.snapshot().toHdr(build).outputPercentileDistribution());
   * ```
   */
  toHdr<H extends HdrLike>(build: (request: HdrRequest) => H): H {
    const hdr = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: GREATEST_VALUE,
      numberOfSignificantValueDigits: this.digits,
      bitBucketSize: 64,
    });
    for (const { from, to, count } of this.buckets()) {
      const ends = [...new Set([this.min, this.max])].filter((value) => value >= from && value <= to);
      ends.length = Math.min(ends.length, count);
      for (const value of ends) hdr.recordValueWithCount(value, 1);
      const rest = count - ends.length;
      const middle = Math.floor(from + (to - from) / 2);
      if (rest > 0) hdr.recordValueWithCount(Math.min(this.max, Math.max(this.min, middle)), rest);
    }
    return hdr;
  }

  /** One line for people, with times in the units that suit them: for histograms of nanoseconds. */
  toString(): string {
    const at = (p: number) => duration(this.percentile(p));
    return (
      `${this.name}: ${this.count} values, mean ${duration(this.mean)}, min ${duration(this.min)}, ` +
      `p50 ${at(50)}, p90 ${at(90)}, p99 ${at(99)}, p99.9 ${at(99.9)}, p99.99 ${at(99.99)}, max ${duration(this.max)}`
    );
  }
}

/** Nanoseconds in a unit in which they have up to three digits before the point. */
function duration(ns: number): string {
  const units = ['ns', 'µs', 'ms', 's'];
  let [value, unit] = [ns, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toPrecision(3)} ${units[unit]}`;
}
