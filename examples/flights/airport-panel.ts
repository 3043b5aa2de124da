// One panel of the picture: an airport's average delay hour by hour, with its alerts.
import { element, label, linePath, type Point } from '../svg.js';
import type { Alert, Hour } from './types.js';

export const PANEL = { width: 416, height: 128 } as const;
export const COLORS = {
  ink: '#1f2933',
  muted: '#64707d',
  grid: '#e4e7eb',
  line: '#52708f',
  bar: '#b9c4d0',
  alert: '#d1495b',
};
/** The lowest average that is drawn in its place, in minutes: flights that were early. */
const FLOOR = -30;

/** What a panel is drawn from: the records of one airport between `from` and `to`, hours since 1970. */
export interface AirportPanelData {
  readonly airport: string;
  readonly hours: readonly Hour[];
  readonly alerts: readonly Alert[];
}

/** @param ceiling The highest average that it has room for, in minutes. */
export function airportPanel(
  { airport, hours, alerts }: AirportPanelData,
  from: number,
  to: number,
  ceiling: number,
): string {
  const x = (hour: number): number => ((hour + 0.5 - from) / (to - from)) * PANEL.width;
  const scale = PANEL.height / (ceiling - FLOOR);
  const y = (minutes: number): number => PANEL.height - (Math.max(minutes, FLOOR) - FLOOR) * scale;
  const busy = hours.filter(({ flights }) => flights >= 10);
  const averages = new Map(busy.map(({ hour, average }) => [hour, average]));
  const parts: string[] = [];
  for (let minutes = 0; minutes <= ceiling; minutes += ceiling / 3) {
    const stroke = minutes === 0 ? COLORS.muted : COLORS.grid;
    parts.push(element('path', { d: `M0 ${y(minutes)}h${PANEL.width}`, stroke }));
    parts.push(
      label(-6, y(minutes) + 4, String(minutes), {
        'text-anchor': 'end',
        'font-size': 11,
        fill: COLORS.muted,
      }),
    );
  }
  for (let hour = from; hour < to; hour += 24) {
    const left = ((hour - from) / (to - from)) * PANEL.width;
    if (hour > from) parts.push(element('path', { d: `M${left} 0V${PANEL.height}`, stroke: COLORS.grid }));
    parts.push(
      label(left + 2, PANEL.height + 14, dayText(hour / 24), { 'font-size': 11, fill: COLORS.muted }),
    );
  }
  const d = linePath(runsOf(busy).map((run) => run.map((h): Point => [x(h.hour), y(h.average)])));
  parts.push(
    element('path', {
      d,
      fill: 'none',
      stroke: COLORS.line,
      'stroke-width': 2,
      'stroke-linejoin': 'round',
      'stroke-linecap': 'round',
    }),
  );
  for (const { hour, average } of alerts) {
    const cy = y(averages.get(hour) ?? average);
    parts.push(element('circle', { cx: x(hour), cy, r: 4, fill: COLORS.alert, stroke: '#ffffff' }));
  }
  const heading = element('tspan', { 'font-size': 14, 'font-weight': 600 }, airport);
  const count = element('tspan', { dx: 8, fill: COLORS.muted }, `${alerts.length} alerts`);
  parts.push(element('text', { y: -10 }, heading, count));
  return parts.join('');
}

/** Splits hours into runs without a gap. */
function runsOf(hours: readonly Hour[]): Hour[][] {
  const runs: Hour[][] = [];
  for (const hour of hours) {
    const run = runs.at(-1);
    if (run && run.at(-1)?.hour === hour.hour - 1) run.push(hour);
    else runs.push([hour]);
  }
  return runs;
}

/** A day since 1970 as `Feb 25`. */
export function dayText(day: number): string {
  return new Date(day * 86_400_000).toLocaleDateString('en-US', {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
}
