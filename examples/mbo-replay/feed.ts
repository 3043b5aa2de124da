// Runs in a worker of the engine: reads and decodes, straight into the journal of the source. The source ends with it.
import type { JournalWriter, LoopContext } from 'roda-rx';
import { stamp } from './columns.js';
import { type Input, open } from './input.js';
import { paced } from './pace.js';
import type { Mbo } from './records.js';

export interface FeedData {
  readonly input: Input;
  /** How many times as fast as recorded; without it, as fast as it goes. */
  readonly speed?: number | undefined;
}

type Loop = LoopContext<{ readonly orders: JournalWriter<Mbo> }, FeedData>;

export default async function feed(loop: Loop): Promise<void> {
  const { input, speed } = loop.data;
  const { orders } = loop.journals;
  for await (const batch of speed === undefined ? open(input) : paced(open(input), speed)) {
    if (loop.isStopped) return;
    // Where there is no room, this thread waits; no other does.
    orders.writeMany(stamp(batch));
  }
}
