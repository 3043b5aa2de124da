// A bare ping: two cells of shared memory and a thread written by hand, the least that a round trip can cost
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { IdleTrip, SpunTrip } from './trips.js';

/** What the other thread is started with. */
export interface BareOrder {
  readonly cells: SharedArrayBuffer;
  /** Whether it sleeps until it is notified; else it looks again and again. */
  readonly parked: boolean;
}

/** Cells, each in a line of its own. */
export const PING = 0;
export const ANSWER = 32;
/** The ping that ends the thread. */
export const STOP = -1_000_000_000;
/** The ping that tells whether it is there. */
const HELLO = -2_000_000_000;

interface BareThread {
  send(ping: number): void;
  hasAnswered(ping: number): boolean;
  /** The last ping that it has answered. */
  answered(): number;
  close(): Promise<void>;
}

export async function startThread(parked: boolean): Promise<BareThread> {
  const buffer = new SharedArrayBuffer(256);
  const cells = new Int32Array(buffer);
  const order: BareOrder = { cells: buffer, parked };
  const worker = new Worker(new URL('./bare-thread.js', import.meta.url), { workerData: order });
  const exited = new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
  const thread: BareThread = {
    send(ping) {
      Atomics.store(cells, PING, ping);
      if (parked) Atomics.notify(cells, PING);
    },
    hasAnswered: (ping) => Atomics.load(cells, ANSWER) === ping,
    answered: () => Atomics.load(cells, ANSWER),
    async close() {
      thread.send(STOP);
      await exited;
    },
  };
  thread.send(HELLO);
  while (!thread.hasAnswered(HELLO)) await sleep(1);
  return thread;
}

/** Both threads spin. */
export async function bareSpun(): Promise<SpunTrip> {
  const { send, hasAnswered, close } = await startThread(false);
  return {
    go(ping) {
      send(ping);
      while (!hasAnswered(ping));
    },
    close,
  };
}

/** The main thread looks for the answer once a turn of its event loop. */
export async function bareIdle(parked: boolean): Promise<IdleTrip> {
  const { send, hasAnswered, close } = await startThread(parked);
  return {
    go(ping, back) {
      const look = () => {
        if (hasAnswered(ping)) back();
        else setImmediate(look);
      };
      send(ping);
      setImmediate(look);
    },
    close,
  };
}
