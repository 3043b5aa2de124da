// The stop watch of `latency`: times every nth record's way through operators, without what lies behind them.
//
// Its four cells lie in the histogram's region, so that operators on both backends see one watch. One thread uses it.
import { ELAPSED, type HistogramMemory, SKIPS, STARTED } from './histogram.js';
import { HistogramWriter } from './histogram-writer.js';

export const NS_PER_MS = 1_000_000;

export class LatencyTimer extends HistogramWriter {
  private readonly every: number;

  constructor(histogram: HistogramMemory, every: number) {
    super(histogram);
    this.every = every;
  }

  /** A record goes in. */
  begin(): void {
    const { i32, f64, address } = this;
    const skips = i32[2 * (address + SKIPS)] as number;
    if (skips > 0) {
      i32[2 * (address + SKIPS)] = skips - 1;
      // A record before may have thrown on its way.
      f64[address + STARTED] = -1;
      return;
    }
    i32[2 * (address + SKIPS)] = this.every - 1;
    f64[address + ELAPSED] = -1;
    f64[address + STARTED] = performance.now();
  }

  /** A record comes out. */
  pause(): void {
    const { f64, address } = this;
    const started = f64[address + STARTED] as number;
    if (started < 0) return;
    const before = f64[address + ELAPSED] as number;
    f64[address + ELAPSED] = performance.now() - started + (before < 0 ? 0 : before);
  }

  /** What comes behind is done with it. */
  resume(): void {
    const { f64, address } = this;
    if ((f64[address + STARTED] as number) >= 0) f64[address + STARTED] = performance.now();
  }

  /** The operators are done with the record that went in. */
  end(): void {
    const { f64, address } = this;
    const started = f64[address + STARTED] as number;
    if (started < 0) return;
    const elapsed = f64[address + ELAPSED] as number;
    this.record(NS_PER_MS * (elapsed < 0 ? performance.now() - started : elapsed));
    f64[address + STARTED] = -1;
  }
}
