// The same alerts without the engine: a loop over objects that keeps a sum and a number for each sensor.
import type { Reading } from './pipeline.js';
import type { Alert } from './run.js';

/** It shares no code with the pipeline that it checks. */
export function alertsByPlainLoop(readings: Iterable<Reading>): Alert[] {
  const sensors = new Map<number, { window: number; average: number; count: number }>();
  const alerts: Alert[] = [];
  for (const { sensorId, value, timestamp } of readings) {
    const window = (timestamp - (timestamp % 60_000)) / 60_000;
    const sensor = sensors.get(sensorId);
    const before = sensor?.average;
    const isSame = sensor !== undefined && sensor.window === window;
    const count = isSame ? sensor.count + 1 : 1;
    const average = isSame ? (sensor.average * sensor.count + value) / count : value;
    sensors.set(sensorId, { window, average, count });
    if (before !== undefined && average > before * 1.5) alerts.push({ sensorId, window, average, before });
  }
  return alerts;
}
