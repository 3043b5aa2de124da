// What the alerts are worth: which anomalies they found, how late, and how many were false.
import type { Alert } from './pipeline.js';
import type { Series, Window } from './telemetry.js';

/** Of one series. */
export interface Verdict {
  readonly metric: string;
  readonly measurements: number;
  /** The anomalies that an alert was raised in, with the seconds from their beginning until then. */
  readonly detected: ReadonlyArray<Window & { readonly delay: number }>;
  readonly missed: readonly Window[];
  readonly falseAlarms: readonly Alert[];
}

export function judge(series: readonly Series[], alerts: readonly Alert[]): Verdict[] {
  return series.map(({ metric, times, anomalies }) => {
    const own = alerts.filter((alert) => alert.metric === metric);
    const within = ({ from, to }: Window) => own.find(({ time }) => time >= from && time <= to);
    return {
      metric,
      measurements: times.length,
      detected: anomalies.flatMap((window) => {
        const alert = within(window);
        return alert === undefined ? [] : [{ ...window, delay: alert.time - window.from }];
      }),
      missed: anomalies.filter((window) => within(window) === undefined),
      falseAlarms: own.filter(({ time }) => !anomalies.some(({ from, to }) => time >= from && time <= to)),
    };
  });
}

/** All verdicts together; the delay is the median, in seconds. */
export function total(verdicts: readonly Verdict[]) {
  const delays = verdicts.flatMap(({ detected }) => detected.map(({ delay }) => delay)).sort((a, b) => a - b);
  const count = (of: (verdict: Verdict) => number): number => verdicts.reduce((sum, v) => sum + of(v), 0);
  return {
    measurements: count(({ measurements }) => measurements),
    detected: count(({ detected }) => detected.length),
    missed: count(({ missed }) => missed.length),
    falseAlarms: count(({ falseAlarms }) => falseAlarms.length),
    delay: delays[Math.floor(delays.length / 2)],
  };
}

/** A table of aligned columns. */
export function formatVerdicts(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ metric, detected, missed, falseAlarms }) => [
    metric,
    String(detected.length),
    String(missed.length),
    String(falseAlarms.length),
    detected.map(({ delay }) => timeText(delay)).join(', '),
  ]);
  const sum = total(verdicts);
  rows.unshift(['metric', 'detected', 'missed', 'false', 'after']);
  rows.push([
    'all',
    String(sum.detected),
    String(sum.missed),
    String(sum.falseAlarms),
    sum.delay === undefined ? '' : `median ${timeText(sum.delay)}`,
  ]);
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 || i === 4 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}

function timeText(seconds: number): string {
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
