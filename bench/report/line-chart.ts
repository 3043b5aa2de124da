// A chart of lines: a figure from zero upwards, over what the lanes differ in, along a logarithmic axis
import type { ChartSpec } from '../harness/benchmark.js';
import { machineText } from '../harness/machine.js';
import type { Spread } from '../harness/statistics.js';
import { linearScale, logScale, shortNumber } from './scales.js';
import type { Session } from './session.js';
import { element, line, PLOT, picture, text } from './svg.js';

interface Point {
  readonly x: number;
  readonly spread: Spread;
}

const HEIGHT = 260;
const FOOT = 52;
const LEFT = 70;
/** Least distance of the names of two lines. */
const NAME_GAP = 16;

export function lineChart(
  data: Session,
  { axis, across, figure, pointOf }: Extract<ChartSpec, { kind: 'lines' }>,
): string {
  const { benchmark, lanes, results, node } = data;
  const series = new Map<string, Point[]>();
  const ours = new Set<string>();
  for (const { label, figures } of lanes) {
    const point = pointOf(label);
    if (point === undefined) continue;
    series.set(point.series, [...(series.get(point.series) ?? []), { x: point.x, spread: figures[figure]! }]);
    if (benchmark.ours.includes(label)) ours.add(point.series);
  }
  const points = [...series.values()].flat();
  const xs = points.map(({ x }) => x);
  const right = PLOT.right - 40;
  const bottom = PLOT.top + HEIGHT;
  const xScale = logScale(Math.min(...xs), Math.max(...xs), LEFT, right);
  const yScale = linearScale(Math.max(...points.map(({ spread }) => spread.max)), bottom, PLOT.top);
  const grid = [
    ...yScale.ticks.map(
      (tick) =>
        line(LEFT, yScale.at(tick), right, yScale.at(tick), tick === 0 ? 'axis' : 'grid') +
        text(LEFT - 8, yScale.at(tick) + 4, shortNumber(tick), { class: 'muted', 'text-anchor': 'end' }),
    ),
    ...xScale.ticks.map((tick) =>
      text(xScale.at(tick), bottom + 18, shortNumber(tick), { class: 'muted', 'text-anchor': 'middle' }),
    ),
  ];
  const drawn = [...series].map(([name, some]) => {
    const kind = ours.has(name) ? 'ours' : 'other';
    const places = [...some]
      .sort((a, b) => a.x - b.x)
      .map(({ x, spread }) => ({ x: xScale.at(x), y: yScale.at(spread.median), spread }));
    const path = places.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
    const marks = places.map(({ x, y, spread }) => {
      const [low, high] = [yScale.at(spread.min), yScale.at(spread.max)];
      const range = low - high < 1 ? '' : line(x, low, x, high, 'spread');
      return range + element('circle', { class: kind, cx: x, cy: y, r: 4 });
    });
    return element('polyline', { class: `line-${kind}`, points: path }) + marks.join('');
  });
  const title = `${benchmark.title.replaceAll('`', '')}, ${node}`;
  const how = `${axis}; dots: medians of ${results.rounds} processes each; lines: from the smallest to the largest`;
  return picture(title, how, bottom + FOOT, [
    ...grid,
    ...drawn,
    ...namesOf(series, yScale.at).map(({ name, y }) => text(right + 12, y + 4, name)),
    text((LEFT + right) / 2, bottom + 40, `${across}, logarithmic`, { 'text-anchor': 'middle' }),
    element('desc', {}, machineText(results.machine)),
  ]);
}

/** Names at the ends of their lines, moved apart where they would overlap. */
function namesOf(
  series: ReadonlyMap<string, readonly Point[]>,
  at: (value: number) => number,
): { name: string; y: number }[] {
  const names = [...series]
    .map(([name, points]) => {
      const last = points.reduce((most, point) => (point.x > most.x ? point : most));
      return { name, y: at(last.spread.median) };
    })
    .sort((a, b) => b.y - a.y);
  names.forEach((entry, i) => {
    const below = names[i - 1];
    if (below !== undefined) entry.y = Math.min(entry.y, below.y - NAME_GAP);
  });
  return names;
}
