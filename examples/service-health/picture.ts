// The picture: each metric over time, its known anomalies shaded, a dot for each alert.
import { element, label, linePath, type Point, picture } from '../svg.js';
import type { Alert } from './pipeline.js';
import type { Series } from './telemetry.js';

const WIDTH = 960;
const MARGIN = 48;
const TOP = 96;
const PANEL = { width: WIDTH - 2 * MARGIN, height: 72 } as const;
const GAP = 34;
/** Points of a line: of the measurements between two, the highest and the lowest are drawn. */
const POINTS = 432;
const COLORS = {
  ink: '#1f2933',
  muted: '#64707d',
  grid: '#e4e7eb',
  line: '#52708f',
  anomaly: '#fbe3b3',
  alert: '#d1495b',
};

/** Draws a self-contained SVG, a panel for each series. */
export function drawPicture(series: readonly Series[], alerts: readonly Alert[]): string {
  const height = TOP + series.length * (PANEL.height + GAP);
  const measurements = series.reduce((sum, { times }) => sum + times.length, 0);
  const panels = series.map((one, i) =>
    element('g', { transform: `translate(${MARGIN} ${TOP + i * (PANEL.height + GAP)})` }, panel(one, alerts)),
  );
  return picture(
    { width: WIDTH, height, ink: COLORS.ink, title: 'Metrics of services, what went wrong, and the alerts' },
    label(MARGIN, 40, 'What is not as usual', { 'font-size': 21, 'font-weight': 600 }),
    label(
      MARGIN,
      62,
      `${alerts.length} alerts from ${measurements.toLocaleString('en-US')} measurements; shaded is what is known to be wrong`,
      { 'font-size': 14, fill: COLORS.muted },
    ),
    ...panels,
  );
}

function panel({ metric, times, values, anomalies }: Series, alerts: readonly Alert[]): string {
  const [from, to] = [times[0]!, times.at(-1)!];
  const highest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const lowest = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const x = (time: number): number => ((time - from) / (to - from || 1)) * PANEL.width;
  const y = (value: number): number => PANEL.height * (1 - (value - lowest) / (highest - lowest || 1));
  const own = alerts.filter((alert) => alert.metric === metric);
  const points: Point[] = [];
  const step = Math.max(2, Math.ceil((2 * values.length) / POINTS));
  for (let i = 0; i < values.length; i += step) {
    const few = values.slice(i, i + step);
    const [low, high] = [Math.min(...few), Math.max(...few)];
    const [lowAt, highAt] = [few.indexOf(low), few.indexOf(high)];
    const pair: Point[] = [
      [x(times[i + lowAt]!), y(low)],
      [x(times[i + highAt]!), y(high)],
    ];
    points.push(...(lowAt < highAt ? pair : pair.reverse()));
  }
  const count = own.length === 1 ? '1 alert' : `${own.length} alerts`;
  return [
    ...anomalies.map((window) =>
      element('rect', {
        x: x(window.from),
        y: 0,
        width: Math.max(2, x(window.to) - x(window.from)),
        height: PANEL.height,
        fill: COLORS.anomaly,
      }),
    ),
    element('path', { d: `M0 ${PANEL.height}h${PANEL.width}`, stroke: COLORS.grid }),
    element('path', { d: linePath([points]), fill: 'none', stroke: COLORS.line, 'stroke-width': 1.2 }),
    ...own.map(({ time, value }) =>
      element('circle', { cx: x(time), cy: y(value), r: 4.5, fill: COLORS.alert, stroke: '#ffffff' }),
    ),
    element(
      'text',
      { y: -8 },
      element('tspan', { 'font-size': 14, 'font-weight': 600 }, metric),
      element('tspan', { dx: 8, fill: COLORS.muted }, count),
    ),
  ].join('');
}
