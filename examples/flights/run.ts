// Runs the flights of a file through the pipeline and gathers what comes out.
import { createEngine, type EngineOptions } from 'roda-rx';
import type { FlightsFile } from './flights-file.js';
import { delayStages, Flight } from './pipeline.js';
import type { Alert, Hour } from './types.js';

export interface Results {
  readonly alerts: readonly Alert[];
  readonly hours: readonly Hour[];
}

/** @param onProgress Is told how many flights have been taken, after each slice of a row group. */
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
      flights.nextMany(columns);
      done += columns.delay.length;
      onProgress(done);
    }
    await engine.idle();
    return { alerts, hours };
  } finally {
    await engine.close();
  }
}
