// Round trips: sent from the main thread, answered by others, one at a time
import { setTimeout as sleep } from 'node:timers/promises';

/** Is back when `go` returns: the main thread looks for the answer again and again. */
export interface SpunTrip {
  go(ping: number): void;
  close(): Promise<void>;
}

/** Calls `back` from the event loop. */
export interface IdleTrip {
  go(ping: number, back: () => void): void;
  close(): Promise<void>;
}

/** How many trips, and which of them count. */
export interface Trips {
  readonly warmUp: number;
  readonly samples: number;
}

/** The times of trips one after the other, in milliseconds. */
export function timeSpun(trip: SpunTrip, { warmUp, samples }: Trips): Float64Array {
  const times = new Float64Array(samples);
  for (let i = 1; i <= warmUp; i++) trip.go(i);
  for (let i = 0; i < samples; i++) {
    const start = performance.now();
    trip.go(warmUp + 1 + i);
    times[i] = performance.now() - start;
  }
  return times;
}

/** The event loop sleeps for so long before each trip. */
const IDLE_MS = 3;

/** The times of trips from an event loop that had nothing to do, in milliseconds. */
export async function timeIdle(trip: IdleTrip, { warmUp, samples }: Trips): Promise<Float64Array> {
  const times = new Float64Array(warmUp + samples);
  for (let i = 0; i < warmUp + samples; i++) {
    await sleep(IDLE_MS);
    await new Promise<void>((resolve) => {
      const start = performance.now();
      trip.go(i + 1, () => {
        times[i] = performance.now() - start;
        resolve();
      });
    });
  }
  return times.subarray(warmUp);
}
