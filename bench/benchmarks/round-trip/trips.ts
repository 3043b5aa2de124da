// Round trips: sent from the main thread, answered by others, one at a time
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';

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

/** How many trips; those of the warm-up, which let the code be compiled, have negative numbers. */
export interface Trips {
  readonly warmUp: number;
  readonly samples: number;
}

/** The times of trips one after the other, in milliseconds. */
export function timeSpun(trip: SpunTrip, { warmUp, samples }: Trips): Float64Array {
  const times = new Float64Array(samples);
  for (let i = -warmUp; i < samples; i++) {
    const start = performance.now();
    trip.go(i);
    if (i >= 0) times[i] = performance.now() - start;
  }
  return times;
}

/** The event loop sleeps for so long before each trip that counts. */
const IDLE_MS = 3;

/** During the warm-up it has turns with nothing to do instead, so that all that a trip needs is compiled. */
const IDLE_TURNS = 20;

/** The times of trips from an event loop that had nothing to do, in milliseconds. */
export async function timeIdle(trip: IdleTrip, { warmUp, samples }: Trips): Promise<Float64Array> {
  const times = new Float64Array(samples);
  for (let i = -warmUp; i < samples; i++) {
    if (i >= 0) await sleep(IDLE_MS);
    else for (let turns = 0; turns < IDLE_TURNS; turns++) await turn();
    await new Promise<void>((resolve) => {
      const start = performance.now();
      trip.go(i, () => {
        if (i >= 0) times[i] = performance.now() - start;
        resolve();
      });
    });
  }
  return times;
}
