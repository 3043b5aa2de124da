// Runs records through the stages: as fast as they go, or at the pace at which they were recorded.
import process from 'node:process';
import { createEngine, type EngineOptions, type HistogramSnapshot, type Source, type View } from 'roda-rx';
import { Checksum, type Digest } from '../../bench/workloads/checksum.js';
import { addSignal } from '../../bench/workloads/mbo/records.js';
import { stamp } from './columns.js';
import type { FeedData } from './feed.js';
import type { Batches, Input } from './input.js';
import { paced } from './pace.js';
import { type BookOptions, bookStages } from './pipeline.js';
import { Mbo, type Signal } from './records.js';
import { Trace } from './trace.js';

export interface RunOptions {
  readonly book?: BookOptions;
  readonly engine?: EngineOptions;
  /** How many times as fast as recorded; without it, as fast as it goes. */
  readonly speed?: number | undefined;
  /** The module that a worker feeds the stages with. */
  readonly feed?: URL;
}

export interface Results {
  readonly records: number;
  /** From the start of the reading until the last signal was there. */
  readonly ms: number;
  readonly signals: Digest;
  /** The imbalance of each symbol, over seconds since the first record. */
  readonly traces: ReadonlyMap<number, Trace>;
  /** From a record's being handed in to its signal's arrival, in nanoseconds. */
  readonly latencies: HistogramSnapshot;
}

/**
 * Replays what a worker reads, or batches that this thread has.
 *
 * @throws {Error} SOURCE_FAILED, with what the worker ran into as its cause.
 */
export async function replay(input: Input | Batches, options: RunOptions = {}): Promise<Results> {
  const { book, speed, feed = new URL('./feed.js', import.meta.url) } = options;
  const engine = createEngine(options.engine);
  try {
    const orders = engine.source(Mbo, { name: 'orders' });
    const { signals } = bookStages(orders, book);
    const checksum = new Checksum();
    const traces = new Map<number, Trace>();
    const latencies = engine.histogram('From tick to signal');
    let first: bigint | undefined;
    const take = (signal: View<Signal>) => {
      latencies.record(Number(process.hrtime.bigint() - signal.tsRecv));
      addSignal(checksum, signal);
      first ??= signal.ts;
      let trace = traces.get(signal.symbol);
      if (trace === undefined) {
        trace = new Trace();
        traces.set(signal.symbol, trace);
      }
      trace.add(Number(signal.ts - first), signal.imbalance);
    };
    const ended = new Promise<void>((resolve, reject) => {
      // Views: an object would be made of each signal else.
      signals.views().subscribe({ next: take, error: reject, complete: resolve });
    });
    // Asked for when all has been handed in.
    ended.catch(() => {});

    const start = performance.now();
    if ('file' in input || 'generated' in input) {
      const data: FeedData = { input, speed };
      engine.worker(feed, { orders }, { data });
    } else {
      await handIn(orders, speed === undefined ? input : paced(input, speed));
      orders.complete();
    }
    await ended;
    const ms = performance.now() - start;
    const [{ recordsIn: records } = { recordsIn: 0 }] = engine.stats().sources;
    return { records, ms, signals: checksum.digest(), traces, latencies: latencies.snapshot() };
  } finally {
    await engine.close();
  }
}

async function handIn(orders: Source<Mbo>, batches: Batches): Promise<void> {
  for await (const batch of batches) {
    // The event loop goes on while the stages catch up.
    await orders.ready();
    orders.nextMany(stamp(batch));
  }
}
