// The picture: the running average of some sensors over time, a dot for each alert.
import { element, label, linePath, type Point, picture } from '../svg.js';
import type { Alert, Summary } from './run.js';

const WIDTH = 960;
const MARGIN = 48;
const TOP = 96;
const PANEL = { width: WIDTH - 2 * MARGIN, height: 72 } as const;
const GAP = 34;
const COLORS = {
  ink: '#1f2933',
  muted: '#64707d',
  grid: '#e4e7eb',
  line: '#52708f',
  alert: '#d1495b',
};

/** What the picture is drawn from. */
export interface PictureData {
  readonly sensors: readonly number[];
  /** Of these sensors, in order of time. */
  readonly summaries: readonly Summary[];
  readonly alerts: readonly Alert[];
  readonly readings: number;
}

/** Draws a self-contained SVG. A window's average is drawn from its first reading to its last. */
export function drawPicture({ sensors, summaries, alerts, readings }: PictureData): string {
  const windows = Math.max(1, ...summaries.map(({ window }) => window + 1));
  const ceiling = 1.1 * Math.max(1, ...summaries.map(({ average }) => average));
  const longest = Math.max(1, ...summaries.map(({ count }) => count));
  const height = TOP + sensors.length * (PANEL.height + GAP);
  const x = (window: number, count: number): number =>
    ((window + (count - 1) / longest) / windows) * PANEL.width;
  const y = (value: number): number => PANEL.height * (1 - value / ceiling);
  const panels = sensors.map((sensorId, i) => {
    const own = summaries.filter((summary) => summary.sensorId === sensorId);
    const raised = alerts.filter((alert) => alert.sensorId === sensorId);
    const points = own.map(({ window, average, count }): Point => [x(window, count), y(average)]);
    const d = linePath(points.length > 0 ? [points] : []);
    const lines = Array.from({ length: windows + 1 }, (_, window) =>
      element('path', { d: `M${x(window, 1).toFixed(1)} 0v${PANEL.height}`, stroke: COLORS.grid }),
    );
    const name = element('tspan', { 'font-size': 14, 'font-weight': 600 }, `sensor ${sensorId}`);
    const count = element(
      'tspan',
      { dx: 8, fill: COLORS.muted },
      raised.length === 1 ? '1 alert' : `${raised.length} alerts`,
    );
    return element(
      'g',
      { transform: `translate(${MARGIN} ${TOP + i * (PANEL.height + GAP)})` },
      ...lines,
      element('path', { d: `M0 ${PANEL.height}h${PANEL.width}`, stroke: COLORS.muted }),
      element('path', {
        d,
        fill: 'none',
        stroke: COLORS.line,
        'stroke-width': 2,
        'stroke-linejoin': 'round',
      }),
      ...raised.map(({ window, average }) =>
        element('circle', {
          cx: x(window, 1),
          cy: y(average),
          r: 4.5,
          fill: COLORS.alert,
          stroke: '#ffffff',
        }),
      ),
      element('text', { y: -8 }, name, count),
    );
  });
  return picture(
    { width: WIDTH, height, ink: COLORS.ink, title: 'Sensors whose running average jumps' },
    label(MARGIN, 40, 'When the average of a minute jumps', { 'font-size': 21, 'font-weight': 600 }),
    label(
      MARGIN,
      62,
      `${alerts.length} alerts from ${readings.toLocaleString('en-US')} readings; a line between each two minutes`,
      { 'font-size': 14, fill: COLORS.muted },
    ),
    ...panels,
  );
}
