// Runs batches of records through the stages: as fast as they go, or at the pace at which they were recorded.
import process from 'node:process';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { createEngine, type EngineOptions, type Source } from 'roda-rx';
import { Checksum, type Digest } from '../../bench/workloads/checksum.js';
import { addSignal } from '../../bench/workloads/mbo/records.js';
import type { Batches } from './check.js';
import { type MboColumns, sliceColumns } from './columns.js';
import { Latencies } from './latencies.js';
import { type BookOptions, bookStages } from './pipeline.js';
import { Mbo } from './records.js';
import { Trace } from './trace.js';

export interface RunOptions {
  readonly book?: BookOptions;
  readonly engine?: EngineOptions;
  /** How many times as fast as recorded; without it, as fast as it goes. */
  readonly speed?: number;
}

export interface Results {
  readonly records: number;
  /** From the first record handed in until the last signal was there. */
  readonly ms: number;
  readonly signals: Digest;
  /** The imbalance of each symbol, over seconds since the first record. */
  readonly traces: ReadonlyMap<number, Trace>;
  readonly latencies: Latencies;
}

export async function replay(
  batches: Batches,
  { book, engine: options, speed }: RunOptions = {},
): Promise<Results> {
  const engine = createEngine(options);
  try {
    const orders = engine.source(Mbo, { name: 'orders' });
    const { signals } = bookStages(orders, book);
    const checksum = new Checksum();
    const traces = new Map<number, Trace>();
    const latencies = new Latencies();
    let first: bigint | undefined;
    // Views: an object would be made of each signal else.
    signals.views().subscribe((signal) => {
      latencies.add(Number(process.hrtime.bigint() - signal.tsRecv));
      addSignal(checksum, signal);
      first ??= signal.ts;
      let trace = traces.get(signal.symbol);
      if (trace === undefined) {
        trace = new Trace();
        traces.set(signal.symbol, trace);
      }
      trace.add(Number(signal.ts - first), signal.imbalance);
    });

    const start = performance.now();
    let records = 0;
    const pace = speed === undefined ? undefined : new Pace(speed);
    for await (const batch of batches) {
      records += batch.ts.length;
      if (pace === undefined) await handIn(orders, batch);
      else await pace.handIn(orders, batch);
    }
    await engine.idle();
    return { records, ms: performance.now() - start, signals: checksum.digest(), traces, latencies };
  } finally {
    await engine.close();
  }
}

async function handIn(orders: Source<Mbo>, batch: MboColumns): Promise<void> {
  // The event loop goes on while the stages catch up.
  await orders.ready();
  batch.tsRecv.fill(process.hrtime.bigint());
  orders.nextMany(batch);
}

/** Hands records in when they are due: as far apart as their times say. */
class Pace {
  private firstNs: bigint | undefined;
  private startMs = 0;

  constructor(private readonly speed: number) {}

  async handIn(orders: Source<Mbo>, batch: MboColumns): Promise<void> {
    for (let from = 0; from < batch.ts.length; ) {
      const waitMs = this.dueMs(batch.ts[from]!) - performance.now();
      if (waitMs > 0) {
        // Timers are coarse.
        if (waitMs > 2) await setTimeout(waitMs - 1);
        else await setImmediate();
        continue;
      }
      const now = performance.now();
      let to = from + 1;
      while (to < batch.ts.length && this.dueMs(batch.ts[to]!) <= now) to++;
      await handIn(orders, sliceColumns(batch, from, to));
      from = to;
    }
  }

  private dueMs(ts: bigint): number {
    if (this.firstNs === undefined) {
      this.firstNs = ts;
      this.startMs = performance.now();
    }
    return this.startMs + Number(ts - this.firstNs) / 1e6 / this.speed;
  }
}
