// The pipeline: readings → a running summary of each sensor's window of time → an alert where the average jumps.
import { f64, type Infer, type Source, struct, u32, u53 } from 'roda-rx';
import { delta, stateful } from 'roda-rx/operators';

/** `timestamp` in milliseconds. */
export const Reading = struct({ sensorId: u32, value: f64, timestamp: u53 }, 'Reading');
export type Reading = Infer<typeof Reading>;

/** The length of a window, in milliseconds. */
export const WINDOW_MS = 60_000;
/** An average so many times the one before raises an alert. */
export const JUMP = 1.5;

/** The stages over a source of readings, those of each sensor in order of time. */
export function alertStages(readings: Source<Reading>) {
  const summaries = readings.stage(
    { name: 'summaries' },
    stateful(
      (r, { WINDOW_MS }) => [r.sensorId, Math.floor(r.timestamp / WINDOW_MS)],
      (r, { WINDOW_MS }) => ({
        sensorId: r.sensorId,
        window: Math.floor(r.timestamp / WINDOW_MS),
        min: r.value,
        max: r.value,
        average: r.value,
        count: 1,
      }),
      (s, r) => {
        s.min = Math.min(s.min, r.value);
        s.max = Math.max(s.max, r.value);
        s.average = (s.average * s.count + r.value) / (s.count + 1);
        s.count += 1;
      },
      { using: { WINDOW_MS } },
    ),
  );

  const alerts = summaries.stage(
    { name: 'alerts' },
    delta(
      (s) => s.sensorId,
      (curr, prev, { JUMP }) =>
        prev &&
        curr.average > prev.average * JUMP && {
          sensorId: curr.sensorId,
          window: curr.window,
          average: curr.average,
          before: prev.average,
        },
      { using: { JUMP } },
    ),
  );

  return { summaries, alerts };
}
