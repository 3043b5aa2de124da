// Progress as it is read: how many records have passed, and how fast. On any thread; free of RxJS.
import { type ProgressShape, readProgress, sharedNow } from '../journal/index.js';
import type { Memory } from '../memory/index.js';

/** How far a `progress` has got. */
export interface ProgressValue {
  /** Records that have passed. */
  readonly count: number;
  /** Records a second since it was looked at before, or since the first record. */
  readonly rate: number;
  /** Records a second since the first record. */
  readonly average: number;
  /** Milliseconds since the first record. */
  readonly elapsedMs: number;
}

/** A progress for another thread: a plain value that can be posted, unless the engine is inline. */
export interface ProgressHandle {
  readonly kind: 'progress-handle';
  readonly memory: WebAssembly.Memory;
  readonly shape: ProgressShape;
}

/** Looks at a progress again and again, and knows what it saw last. */
export class ProgressReader {
  private seen = { count: 0, at: 0 };

  constructor(
    private readonly memory: Memory,
    private readonly shape: ProgressShape,
  ) {}

  read(): ProgressValue {
    const now = sharedNow();
    const { count, since } = readProgress(this.memory, this.shape);
    if (count === 0) return { count, rate: 0, average: 0, elapsedMs: 0 };
    // The clocks of two threads agree to within a moment.
    const elapsedMs = Math.max(0, now - since);
    const before = this.seen.at === 0 ? { count: 0, at: since } : this.seen;
    this.seen = { count, at: now };
    const perSecond = (records: number, ms: number) => (ms > 0 ? (1_000 * records) / ms : 0);
    return {
      count,
      rate: perSecond(count - before.count, now - before.at),
      average: perSecond(count, elapsedMs),
      elapsedMs,
    };
  }
}
