// A histogram as users see it: recorded in and read by any thread. Free of RxJS.
import { fail } from '../../errors/index.js';
import { type Memory, openMemory } from '../../memory/index.js';
import { describe } from '../../schema/index.js';
import {
  claimHistogram,
  GREATEST_VALUE,
  type HistogramDigits,
  type HistogramMemory,
  type HistogramShape,
  openHistogramMemory,
  ownHistogram,
} from '../histogram.js';
import { readHistogram, resetHistogram } from '../histogram-reader.js';
import type { HistogramSnapshot } from '../histogram-snapshot.js';
import { HistogramWriter, recordShared } from '../histogram-writer.js';

/** A histogram for another thread: a plain value that can be posted, unless the engine is inline. */
export interface HistogramHandle {
  readonly kind: 'histogram-handle';
  readonly memory: WebAssembly.Memory;
  readonly shape: HistogramShape;
}

/** Options of a histogram. */
export interface HistogramOptions {
  /**
   * How many significant digits are kept of a value: with 1, buckets are narrower than their values by a factor of 16 at least,
   * with 2 (unless told) of 128, with 3 of 1,024. They take some 16, 120 and 900 KB.
   */
  readonly digits?: HistogramDigits;
}

/**
 * A histogram in the engine's memory: how often values from 0 to 2^53 - 1 were recorded, in log-linear buckets. Made with
 * `engine.histogram()`, opened in another thread with {@link openHistogram}, or given to a loop of an `engine.worker`.
 *
 * Recording is one addition, and a comparison with the least and with the greatest value; reading stops nobody. One stage
 * records in it (`latency`, or functions that are given it with `using`), or any number of threads by hand.
 */
export class Histogram {
  readonly kind = 'histogram';
  private readonly memory: HistogramMemory;
  private isClaimed = false;
  /** If this is the first object that has recorded by hand. */
  private owned: HistogramWriter | undefined;

  /** @internal */
  constructor(memory: Memory, shape: HistogramShape) {
    this.memory = openHistogramMemory(memory, shape);
    this.shape = shape;
  }

  /** Where it lies, for operators that write to it. */
  readonly shape: HistogramShape;

  /** Its name. */
  get name(): string {
    return this.shape.name;
  }

  /** Significant digits: 1, 2 or 3. */
  get digits(): HistogramDigits {
    return this.shape.digits;
  }

  /**
   * What another thread opens it with ({@link openHistogram}): a value to be posted. The memory of an inline engine belongs to one
   * thread and can't be posted.
   */
  get handle(): HistogramHandle {
    return { kind: 'histogram-handle', memory: this.memory.memory.wasm, shape: this.shape };
  }

  /**
   * Counts a value; on any thread, also at the same time. For the first object that records in a histogram it takes a few ns;
   * those that come later, on other threads or the same, take an atomic addition more.
   *
   * @param value From 0 to 2^53 - 1; a fraction is cut off.
   * @throws {RangeError} HISTOGRAM_VALUE for anything else.
   * @throws {Error} HISTOGRAM_WRITTEN if a stage records in it.
   */
  record(value: number): void {
    if (!(value >= 0 && value <= GREATEST_VALUE) || typeof value !== 'number')
      throw fail('HISTOGRAM_VALUE', { histogram: this.name, found: describe(value) });
    if (this.owned !== undefined) this.owned.record(value);
    else if (this.isClaimed) recordShared(this.memory, value);
    else {
      claimHistogram(this.memory, 'HAND');
      this.isClaimed = true;
      if (ownHistogram(this.memory)) this.owned = new HistogramWriter(this.memory);
      this.record(value);
    }
  }

  /** What was recorded since the last reset, as of now: to be asked several questions, merged, or printed. */
  snapshot(): HistogramSnapshot {
    return readHistogram(this.memory);
  }

  /** How many values there are. Exact. */
  get count(): number {
    return this.snapshot().count;
  }

  /** The least value; 0 if there is none. */
  get min(): number {
    return this.snapshot().min;
  }

  /** The greatest value; 0 if there is none. */
  get max(): number {
    return this.snapshot().max;
  }

  /** The mean, within the width of a bucket; 0 if there are no values. */
  get mean(): number {
    return this.snapshot().mean;
  }

  /** See {@link HistogramSnapshot.percentile}. */
  percentile(p: number): number {
    return this.snapshot().percentile(p);
  }

  /**
   * Begins anew, for all who read it; whoever records does not wait. On any thread, also at the same time as others.
   *
   * @returns What was recorded since the reset before: of all that resets return, and what is there after the last, exactly one
   *   has a value that was recorded. So intervals can be merged without losing any or having it twice.
   */
  reset(): HistogramSnapshot {
    return resetHistogram(this.memory);
  }
}

/**
 * Opens a histogram in a thread that its handle was posted to.
 *
 * @param handle The `handle` of a histogram.
 *
 * @example
 * ```ts
 * import { createEngine, openHistogram } from 'roda-rx';
 *
 * const engine = createEngine();
 * const sizes = engine.histogram('sizes');
 * const opened = openHistogram(sizes.handle); // usually in a worker, which got the handle in a message
 * for (const size of [10, 20, 30]) opened.record(size);
 * if (sizes.percentile(50) !== 20 || sizes.count !== 3) throw new Error('something else was recorded');
 * await engine.close();
 * ```
 */
export function openHistogram(handle: HistogramHandle): Histogram {
  if ((handle as HistogramHandle | null | undefined)?.kind !== 'histogram-handle')
    throw fail('HANDLE', { what: 'a histogram', found: describe(handle) });
  return new Histogram(openMemory(handle.memory), handle.shape);
}
