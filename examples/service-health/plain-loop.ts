// The same alerts without the engine: each series by itself, in a loop.
import type { Alert, Detector } from './pipeline.js';
import type { Series } from './telemetry.js';

/** The alerts of all series, in order of time. It shares no code with the pipeline that it checks. */
export function alertsByPlainLoop(series: readonly Series[], detector: Detector): Alert[] {
  return series
    .flatMap((one) => alertsOf(one, detector))
    .sort((a, b) => a.time - b.time || indexOf(series, a) - indexOf(series, b));
}

function indexOf(series: readonly Series[], { metric }: Alert): number {
  return series.findIndex((one) => one.metric === metric);
}

function alertsOf({ metric, times, values }: Series, detector: Detector): Alert[] {
  const alerts: Alert[] = [];
  let usual = values[0] ?? 0;
  let now = usual;
  let deviation = 0;
  let unusualAt = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < values.length; i++) {
    const [time, value] = [times[i]!, values[i]!];
    const isWarm = i >= detector.warmUp;
    now += (value - now) * detector.fast;
    const score = deviation > 0 ? Math.abs(now - usual) / deviation : 0;
    let distance = value - usual;
    if (isWarm && Math.abs(distance) > detector.clip * deviation) {
      distance = Math.sign(distance) * detector.clip * deviation;
    }
    const weight = i + 1 < 1 / detector.slow ? 1 / (i + 1) : detector.slow;
    usual += weight * distance;
    deviation += weight * (Math.abs(distance) - deviation);
    if (!isWarm || score <= detector.threshold) continue;
    if (time - unusualAt > detector.quiet) alerts.push({ metric, time, value, usual, score });
    unusualAt = time;
  }
  return alerts;
}
