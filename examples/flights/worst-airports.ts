// The airports with most alerts, and the table that shows them.
import type { Alert, Hour } from './types.js';

/** What the half year was like at one airport. */
export interface Airport {
  readonly airport: string;
  readonly alerts: number;
  readonly flights: number;
  /** Average delay in minutes over all its flights. */
  readonly average: number;
  /** The alert with the sharpest rise. */
  readonly sharpest: Alert;
}

/** The airports with most alerts, the worst first. Flights and averages count hours that have closed. */
export function worstAirports(alerts: readonly Alert[], hours: readonly Hour[], count: number): Airport[] {
  const flights = new Map<string, { flights: number; total: number }>();
  for (const { airport, flights: n, average } of hours) {
    const sums = flights.get(airport) ?? { flights: 0, total: 0 };
    sums.flights += n;
    sums.total += n * average;
    flights.set(airport, sums);
  }
  const airports = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const raised = airports.get(alert.airport);
    if (raised) raised.push(alert);
    else airports.set(alert.airport, [alert]);
  }
  return [...airports]
    .map(([airport, raised]) => {
      const { flights: n, total } = flights.get(airport) ?? { flights: 0, total: 0 };
      const sharpest = raised.reduce((a, b) => (rise(b) > rise(a) ? b : a));
      return { airport, alerts: raised.length, flights: n, average: n > 0 ? total / n : 0, sharpest };
    })
    .sort((a, b) => b.alerts - a.alerts || (a.airport < b.airport ? -1 : 1))
    .slice(0, count);
}

/** A table in plain text, a line an airport. */
export function formatTable(airports: readonly Airport[]): string {
  const head = ['airport', 'alerts', 'flights', 'average', 'sharpest rise'];
  const rows = airports.map(({ airport, alerts, flights, average, sharpest }) => [
    airport,
    alerts.toLocaleString('en-US'),
    flights.toLocaleString('en-US'),
    `${average.toFixed(1)} min`,
    `${whole(sharpest.before)} → ${whole(sharpest.average)} min, ${hourText(sharpest.hour)}`,
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]): string =>
    cells
      .map((cell, i) =>
        i === 0 || i === cells.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
      )
      .join('   ')
      .trimEnd();
  return [line(head), widths.map((width) => '─'.repeat(width)).join('   '), ...rows.map(line)].join('\n');
}

/** An hour since 1970 as `2001-02-25 14:00`. */
export function hourText(hour: number): string {
  return `${new Date(hour * 3_600_000).toISOString().slice(0, 13).replace('T', ' ')}:00`;
}

/** Unlike `toFixed`, without a sign for −0.4. */
function whole(minutes: number): string {
  return String(Math.round(minutes));
}

function rise(alert: Alert): number {
  return alert.average - alert.before;
}
