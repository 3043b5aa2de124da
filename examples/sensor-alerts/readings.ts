// Sensors in a hall: each reads once a second, some break down at times that are known.
import type { Reading } from './pipeline.js';

export const SENSORS = 200;
/** Seconds of readings. */
export const SECONDS = 900;

/** A sensor reads twice what is there, from a second on and for some time. */
export interface Fault {
  readonly sensorId: number;
  readonly from: number;
  readonly seconds: number;
}

/** Twelve that begin with a window, and one in its middle, which no running average shows as a jump. */
export const FAULTS: readonly Fault[] = [
  ...Array.from({ length: 12 }, (_, i) => ({
    sensorId: 3 + 16 * i,
    from: 60 * (2 + (i % 6)),
    seconds: 60 * (1 + (i % 4)),
  })),
  { sensorId: 150, from: 450, seconds: 120 },
];

/** The readings of all sensors, second by second; the same every time. */
export function* hallReadings(): Generator<Reading> {
  let noise = 1;
  for (let second = 0; second < SECONDS; second++) {
    for (let sensorId = 0; sensorId < SENSORS; sensorId++) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      const calm = 20 + (sensorId % 10) + 2 * Math.sin(second / 300 + sensorId) + noise / 2 ** 32;
      const isBroken = FAULTS.some(
        (fault) => fault.sensorId === sensorId && second >= fault.from && second < fault.from + fault.seconds,
      );
      yield { sensorId, value: isBroken ? 2 * calm : calm, timestamp: second * 1000 };
    }
  }
}
