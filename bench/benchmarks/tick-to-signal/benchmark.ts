// From tick to signal: how long a record takes through the order book and back, at a steady pace
import { createEngine } from 'roda-rx';
import type { MboColumns } from '../../../examples/mbo-replay/columns.js';
import { bookStages } from '../../../examples/mbo-replay/pipeline.js';
import { Mbo } from '../../../examples/mbo-replay/records.js';
import type { Benchmark, Observation } from '../../harness/benchmark.js';
import { plainBook } from '../../workloads/mbo/plain-book.js';
import { marketBatches, marketRecords } from '../mbo/input.js';
import { Tally } from '../mbo/tally.js';
import { startThread } from '../round-trip/bare.js';
import { latencyFigures, latencyObservation } from '../round-trip/latencies.js';

interface TickTask {
  readonly lane: string;
  readonly perSecond: number;
  /** Records before those that are measured, at the same pace. */
  readonly warmUp: number;
  readonly samples: number;
}

const LANE = 'one worker, spinning, 500k records a second';
const BARE = 'bare ping, 500k a second';

export const tickToSignal: Benchmark = {
  name: 'tick-to-signal',
  title: 'From tick to signal',
  about: `The order book of \`mbo\` in one worker that spins. The main thread hands a record in every two microseconds, and between
records looks for signals with a pull reader. Measured is the time from just before a record is written until its signal has been
read. Where a record makes two signals both count; where it makes none there is nothing to count. A bare ping between two threads that
spin, at the same pace, tells what the machine does to both of them: whatever interrupts one of the two threads for a millisecond
delays five hundred records.`,
  rounds: 7,
  figures: [
    ...latencyFigures,
    {
      key: 'pace, k records/s',
      title: 'k records/s',
      digits: 0,
      of: ({ records, ms }) => records! / ms!,
    },
  ],
  comparisons: [],
  goals: [
    { lane: LANE, of: 'p50, µs', must: 'at most', bound: 5 },
    { lane: LANE, of: 'p99, µs', must: 'at most', bound: 100 },
  ],
  ours: [LANE],
  chart: {
    kind: 'percentiles',
    axis: 'microseconds',
    unit: 'µs',
    figures: latencyFigures.map(({ key }) => key),
  },

  lanes: (scale, samples = scale === 'quick' ? 50_000 : 2_000_000) =>
    [BARE, LANE].map((lane) => {
      const task: TickTask = { lane, perSecond: 500_000, warmUp: Math.min(samples, 1_000_000), samples };
      return { label: lane, task };
    }),

  observe(task) {
    const order = task as TickTask;
    return order.lane === BARE ? pingAtPace(order) : tickAtPace(order);
  },
};

async function pingAtPace({ perSecond, warmUp, samples }: TickTask): Promise<Observation> {
  const thread = await startThread(false);
  const sent = new Float64Array(warmUp + samples);
  const times = new Float64Array(samples);
  let next = 0;
  const read = (): void => {
    const answered = thread.answered();
    if (answered < next) return;
    // What it has passed over was answered too: it had more than one before it.
    const now = performance.now();
    for (; next <= answered; next++) if (next >= warmUp) times[next - warmUp] = now - sent[next]!;
  };
  const everyMs = 1000 / perSecond;
  const start = performance.now();
  for (let k = 0; k < sent.length; k++) {
    const due = start + k * everyMs;
    while (performance.now() < due) read();
    sent[k] = performance.now();
    thread.send(k);
    read();
  }
  const ms = performance.now() - start;
  while (next < sent.length) read();
  await thread.close();
  return { ...latencyObservation(times), records: sent.length, ms };
}

async function tickAtPace({ perSecond, warmUp, samples }: TickTask): Promise<Observation> {
  const batches = marketBatches(warmUp + samples);
  const expected = new Tally();
  const next = plainBook((signal) => expected.add(signal));
  for (const record of marketRecords(batches)) next(record);

  const engine = createEngine({ wait: 'spin' });
  const orders = engine.source(Mbo);
  const reader = bookStages(orders).signals.reader();
  const writer = orders.writer();
  const tally = new Tally();
  // Of each record, when it was handed in; its signals bring its number back.
  const handedIn = new Float64Array(warmUp + samples);
  const times = new Float64Array(2 * samples);
  let counted = 0;
  const read = (): boolean => {
    const signal = reader.tryReceive();
    if (signal === undefined) return false;
    const k = Number(signal.tsRecv);
    if (k >= warmUp) times[counted++] = performance.now() - handedIn[k]!;
    tally.add(signal);
    return true;
  };

  const everyMs = 1000 / perSecond;
  const start = performance.now();
  let k = 0;
  for (const batch of batches) {
    const halves = halvesOf(batch);
    for (let i = 0; i < batch.size.length; i++, k++) {
      const due = start + k * everyMs;
      while (performance.now() < due) read();
      handedIn[k] = performance.now();
      const record = writer.claim();
      if (record === undefined) throw new Error('Cannot hand a record in: the source has ended');
      record.tsLo = halves.ts[2 * i]!;
      record.tsHi = halves.ts[2 * i + 1]!;
      record.orderIdLo = halves.orderId[2 * i]!;
      record.orderIdHi = halves.orderId[2 * i + 1]!;
      record.priceLo = halves.price[2 * i]!;
      record.priceHi = halves.price[2 * i + 1]!;
      record.tsRecvLo = k;
      record.size = batch.size[i]!;
      record.instrumentId = batch.instrumentId[i]!;
      record.action = batch.action[i]!;
      record.side = batch.side[i]!;
      writer.publish();
      orders.flush();
      // All there are: unread signals would hold the worker back, and it the source.
      while (read());
    }
  }
  const ms = performance.now() - start;

  while (tally.count < expected.count) read();
  await engine.close();
  tally.assertSame(expected);
  return { ...latencyObservation(times.subarray(0, counted)), records: k, ms };
}

/** The 64-bit columns as halves, the lower first: no bigints are made of them. */
function halvesOf({ ts, orderId, price }: MboColumns) {
  const halves = (column: BigUint64Array | BigInt64Array) =>
    new Int32Array(column.buffer, column.byteOffset, 2 * column.length);
  return { ts: halves(ts), orderId: halves(orderId), price: halves(price) };
}
