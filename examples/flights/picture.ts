// The picture: alerts a day over the half year, and the worst airports hour by hour in its worst days.

import { element, label, picture } from '../svg.js';
import { airportPanel, COLORS, dayText, PANEL } from './airport-panel.js';
import type { Alert, Hour } from './types.js';

const WIDTH = 960;
const MARGIN = 40;
const GAP = { x: 48, y: 50 } as const;
const PANELS_TOP = 286;
const BARS = { top: 104, height: 96 } as const;
const WORST_DAYS = 3;

/** What the picture is drawn from. */
export interface PictureData {
  readonly alerts: readonly Alert[];
  readonly hours: readonly Hour[];
  /** How many flights were read. */
  readonly flights: number;
  /** The airports to draw, the worst first; an even number. */
  readonly airports: readonly string[];
}

/** Draws a self-contained SVG. */
export function drawPicture({ alerts, hours, flights, airports }: PictureData): string {
  const perDay = countPerDay(alerts, hours);
  const worst = worstDays(perDay.counts);
  const from = (perDay.firstDay + worst) * 24;
  const to = from + WORST_DAYS * 24;
  const within = ({ hour }: { hour: number }): boolean => hour >= from && hour < to;
  const shown = hours.filter(within);
  const ceiling = yCeiling(
    shown.filter(({ airport, flights }) => airports.includes(airport) && flights >= 10),
  );

  const rows = Math.ceil(airports.length / 2);
  const height = PANELS_TOP + rows * (PANEL.height + GAP.y) - 16;
  const panels = airports.map((airport, i) => {
    const x = MARGIN + (i % 2) * (PANEL.width + GAP.x);
    const y = PANELS_TOP + Math.floor(i / 2) * (PANEL.height + GAP.y);
    const ofAirport = (record: { airport: string }): boolean => record.airport === airport;
    const data = { airport, hours: shown.filter(ofAirport), alerts: alerts.filter(within).filter(ofAirport) };
    return element('g', { transform: `translate(${x} ${y})` }, airportPanel(data, from, to, ceiling));
  });

  const days = dayRange(from / 24, to / 24 - 1);
  return picture(
    { width: WIDTH, height, ink: COLORS.ink, title: `Flight delays, ${days}, and the alerts they raised` },
    label(MARGIN, 42, 'When delays jump from one hour to the next', { 'font-size': 21, 'font-weight': 600 }),
    label(
      MARGIN,
      66,
      `${alerts.length.toLocaleString('en-US')} alerts from ${flights.toLocaleString('en-US')} flights, ${period(perDay.firstDay, perDay.counts.length)}`,
      { 'font-size': 14, fill: COLORS.muted },
    ),
    bars(perDay.counts, perDay.firstDay, worst),
    label(MARGIN, PANELS_TOP - 40, `Worst days: ${days}`, { 'font-size': 14, 'font-weight': 600 }),
    legend(MARGIN + PANEL.width + GAP.x, PANELS_TOP - 40),
    ...panels,
  );
}

function bars(counts: readonly number[], firstDay: number, worst: number): string {
  const step = (WIDTH - 2 * MARGIN) / counts.length;
  const bottom = BARS.top + BARS.height;
  const most = Math.max(...counts, 1);
  const parts = [label(MARGIN, BARS.top - 6, `Alerts a day, at most ${most}`, { fill: COLORS.muted })];
  counts.forEach((count, i) => {
    const tall = (count / most) * (BARS.height - 8);
    const fill = i >= worst && i < worst + WORST_DAYS ? COLORS.alert : COLORS.bar;
    parts.push(
      element('rect', { x: MARGIN + i * step, y: bottom - tall, width: step - 1, height: tall, fill }),
    );
    const date = new Date((firstDay + i) * 86_400_000);
    if (date.getUTCDate() === 1 && i < counts.length - 7) {
      const month = date.toLocaleDateString('en-US', { month: 'short', timeZone: 'UTC' });
      parts.push(label(MARGIN + i * step, bottom + 16, month, { fill: COLORS.muted }));
    }
  });
  parts.push(element('path', { d: `M${MARGIN} ${bottom}H${WIDTH - MARGIN}`, stroke: COLORS.muted }));
  return parts.join('');
}

function legend(x: number, y: number): string {
  return [
    element('circle', { cx: x + 4, cy: y - 4, r: 4, fill: COLORS.alert }),
    label(x + 14, y, 'alert', { fill: COLORS.muted }),
    element('path', { d: `M${x + 62} ${y - 4}h22`, stroke: COLORS.line, 'stroke-width': 2 }),
    label(x + 90, y, 'average delay in minutes, hours with 10+ flights', { fill: COLORS.muted }),
  ].join('');
}

function countPerDay(
  alerts: readonly Alert[],
  hours: readonly Hour[],
): { firstDay: number; counts: number[] } {
  const dayOf = ({ hour }: { hour: number }): number => Math.floor(hour / 24);
  const days = hours.map(dayOf);
  const firstDay = days.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const lastDay = days.reduce((a, b) => Math.max(a, b), firstDay);
  const counts = new Array<number>(lastDay - firstDay + 1).fill(0);
  for (const alert of alerts) counts[dayOf(alert) - firstDay] = (counts[dayOf(alert) - firstDay] ?? 0) + 1;
  return { firstDay, counts };
}

/** Where the run of days with most alerts starts. */
function worstDays(counts: readonly number[]): number {
  const sum = (start: number): number => counts.slice(start, start + WORST_DAYS).reduce((a, b) => a + b, 0);
  let worst = 0;
  for (let start = 1; start + WORST_DAYS <= counts.length; start++)
    if (sum(start) > sum(worst)) worst = start;
  return worst;
}

/** The highest average, up to the next multiple of 60 minutes. */
function yCeiling(hours: readonly Hour[]): number {
  return Math.max(60, Math.ceil(Math.max(0, ...hours.map(({ average }) => average)) / 60) * 60);
}

function dayRange(first: number, last: number): string {
  const year = new Date(first * 86_400_000).getUTCFullYear();
  return `${dayText(first)} to ${dayText(last)}, ${year}`;
}

function period(firstDay: number, days: number): string {
  return dayRange(firstDay, firstDay + days - 1);
}
