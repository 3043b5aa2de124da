// Runs readings through the pipeline and gathers what comes out.
import { createEngine, type EngineOptions } from 'roda-rx';
import { filter, from, lastValueFrom, toArray } from 'rxjs';
import { alertStages, Reading } from './pipeline.js';

export interface Alert {
  readonly sensorId: number;
  /** Windows since the first. */
  readonly window: number;
  readonly average: number;
  /** The average of the summary before. */
  readonly before: number;
}

export interface Summary {
  readonly sensorId: number;
  readonly window: number;
  readonly min: number;
  readonly max: number;
  readonly average: number;
  readonly count: number;
}

export interface Results {
  readonly alerts: readonly Alert[];
  /** Of the sensors that were asked for. */
  readonly summaries: readonly Summary[];
}

/** @param watched The sensors whose summaries are wanted. */
export async function findAlerts(
  readings: Iterable<Reading>,
  watched: ReadonlySet<number> = new Set(),
  options: EngineOptions = {},
): Promise<Results> {
  const engine = createEngine(options);
  try {
    const source = engine.source(Reading, { name: 'readings' });
    const stages = alertStages(source);
    // Ordinary RxJS behind the stages, and in front of them.
    const alerts = lastValueFrom(stages.alerts.pipe(toArray()));
    const summaries = lastValueFrom(
      stages.summaries.pipe(
        filter(({ sensorId }) => watched.has(sensorId)),
        toArray(),
      ),
    );
    from(readings).subscribe(source);
    return { alerts: await alerts, summaries: await summaries };
  } finally {
    await engine.close();
  }
}
