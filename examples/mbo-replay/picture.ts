// The picture: the imbalance of the busiest books over time, bids up and asks down.
import { element, label, picture } from '../svg.js';
import type { Trace } from './trace.js';

const WIDTH = 960;
const MARGIN = 48;
const TOP = 96;
const PANEL = { width: WIDTH - 2 * MARGIN, height: 84 } as const;
const GAP = 34;
const COLORS = { ink: '#1f2933', muted: '#64707d', grid: '#e4e7eb', bids: '#2a7f9e', asks: '#d1495b' };

/** What the picture is drawn from. */
export interface PictureData {
  /** The busiest first. */
  readonly traces: ReadonlyArray<readonly [name: string, trace: Trace]>;
  readonly records: number;
  readonly signals: number;
}

/** The symbols with most signals, by name. */
export function busiest(
  traces: ReadonlyMap<number, Trace>,
  nameOf: (symbol: number) => string,
  wanted = 4,
): PictureData['traces'] {
  return [...traces]
    .sort(([a, x], [b, y]) => y.count - x.count || a - b)
    .slice(0, wanted)
    .map(([symbol, trace]) => [nameOf(symbol), trace]);
}

/** Draws a self-contained SVG. */
export function drawPicture({ traces, records, signals }: PictureData): string {
  const lines = traces.map(([, trace]) => trace.points());
  const end = Math.max(1, ...lines.map((points) => points.at(-1)?.[0] ?? 0));
  const height = TOP + traces.length * (PANEL.height + GAP) + 12;
  const panels = traces.map(([name, trace], i) => {
    const y = TOP + i * (PANEL.height + GAP);
    return element('g', { transform: `translate(${MARGIN} ${y})` }, panel(name, trace, end));
  });
  const summary = `${records.toLocaleString('en-US')} records, ${signals.toLocaleString('en-US')} signals; ${secondsText(end)} of market time`;
  return picture(
    { width: WIDTH, height, ink: COLORS.ink, title: 'The imbalance of the busiest order books' },
    label(MARGIN, 40, 'Who waits at the best five prices: bids up, asks down', {
      'font-size': 21,
      'font-weight': 600,
    }),
    label(MARGIN, 62, summary, { 'font-size': 14, fill: COLORS.muted }),
    ...panels,
  );
}

function panel(name: string, trace: Trace, end: number): string {
  const middle = PANEL.height / 2;
  const x = (at: number): number => (at / end) * PANEL.width;
  const y = (imbalance: number): number => middle - imbalance * middle;
  const points = trace.points();
  const width = Math.max(1, PANEL.width / 512);
  const bars = (color: string, isOf: (imbalance: number) => boolean): string => {
    const d = points
      .filter(([, imbalance]) => isOf(imbalance))
      .map(([at, imbalance]) => `M${x(at).toFixed(1)} ${middle}V${y(imbalance).toFixed(1)}`)
      .join('');
    return element('path', { d, stroke: color, 'stroke-width': width, fill: 'none' });
  };
  const lines = [1, 0, -1].map(
    (value) =>
      element('path', {
        d: `M0 ${y(value)}h${PANEL.width}`,
        stroke: value === 0 ? COLORS.muted : COLORS.grid,
      }) +
      label(-8, y(value) + 4, String(value), { 'text-anchor': 'end', 'font-size': 11, fill: COLORS.muted }),
  );
  const heading = element('tspan', { 'font-size': 14, 'font-weight': 600 }, name);
  const count = element(
    'tspan',
    { dx: 8, fill: COLORS.muted },
    `${trace.count.toLocaleString('en-US')} signals`,
  );
  return [
    ...lines,
    bars(COLORS.bids, (imbalance) => imbalance > 0),
    bars(COLORS.asks, (imbalance) => imbalance < 0),
    element('text', { y: -8 }, heading, count),
  ].join('');
}

/** Nanoseconds as `1.2 s` or `35 ms`. */
function secondsText(ns: number): string {
  return ns < 1e9 ? `${Math.round(ns / 1e6)} ms` : `${(ns / 1e9).toFixed(1)} s`;
}
