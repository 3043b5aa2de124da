// Runs the flights of a file through the pipeline and gathers what comes out.
import { createEngine, type EngineOptions } from 'roda-rx';
import type { FlightColumns, FlightsFile } from './flights-file.js';
import { delayStages, Flight } from './pipeline.js';
import type { Alert, Hour } from './types.js';

export interface Results {
  readonly alerts: readonly Alert[];
  readonly hours: readonly Hour[];
}

/** So many flights are given to the engine at once. */
const SLICE = 16_384;

/** @param onProgress Is told, after every slice of flights, how many have been taken. */
export async function findAlerts(
  file: FlightsFile,
  onProgress: (flights: number) => void = () => {},
  options: EngineOptions = {},
): Promise<Results> {
  const engine = createEngine(options);
  try {
    const flights = engine.source(Flight);
    const stages = delayStages(flights);
    const alerts: Alert[] = [];
    const hours: Hour[] = [];
    stages.alerts.subscribe((alert) => alerts.push(alert));
    stages.hours.subscribe((hour) => hours.push(hour));

    let done = 0;
    for await (const columns of file.rowGroups()) {
      for (const slice of slices(columns)) {
        // The event loop goes on while the stages catch up.
        await flights.ready();
        flights.nextMany(slice);
        done += slice.delay.length;
        onProgress(done);
      }
    }
    await engine.idle();
    return { alerts, hours };
  } finally {
    await engine.close();
  }
}

function* slices({ airport, time, delay }: FlightColumns): Generator<FlightColumns> {
  for (let from = 0; from < delay.length; from += SLICE) {
    const to = from + SLICE;
    yield {
      airport: airport.slice(from, to),
      time: time.subarray(from, to),
      delay: delay.subarray(from, to),
    };
  }
}
