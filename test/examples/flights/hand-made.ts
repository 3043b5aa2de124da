// Flights made by hand, and the first row groups of a file.
import type { FlightColumns, FlightsFile } from '../../../examples/flights/flights-file.js';

/** One airport's hour: `flights` flights, all late by `delay` minutes. */
export function hourOf(airport: string, hour: number, flights: number, delay: number): FlightColumns {
  return {
    airport: new Array<string>(flights).fill(airport),
    time: new Float64Array(flights).fill(hour * 3_600_000),
    delay: new Int32Array(flights).fill(delay),
  };
}

/** A file that holds these row groups. */
export function flightsOf(...groups: FlightColumns[]): FlightsFile {
  return {
    flights: groups.reduce((sum, { delay }) => sum + delay.length, 0),
    async *rowGroups() {
      yield* groups;
    },
  };
}
