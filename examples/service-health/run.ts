// Runs series through the pipeline, in order of time over all of them, and gathers the alerts.
import { createEngine, type EngineOptions } from 'roda-rx';
import { type Alert, type Detector, healthStages, Measurement } from './pipeline.js';
import { inOrder, type Series } from './telemetry.js';

export async function findAlerts(
  series: readonly Series[],
  options: EngineOptions = {},
  detector?: Detector,
): Promise<Alert[]> {
  const engine = createEngine(options);
  try {
    const measurements = engine.source(Measurement, { name: 'measurements' });
    const alerts: Alert[] = [];
    healthStages(measurements, detector).alerts.subscribe((alert) => alerts.push(alert));
    await measurements.consume(inOrder(series));
    await engine.idle();
    return alerts;
  } finally {
    await engine.close();
  }
}
