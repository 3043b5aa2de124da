// Charts of a session: a row for each lane, as bars from zero, or as percentiles on a logarithmic axis; or lines (line-chart.ts)
import type { ChartSpec } from '../harness/benchmark.js';
import { machineText } from '../harness/machine.js';
import type { Spread } from '../harness/statistics.js';
import { lineChart } from './line-chart.js';
import { linearScale, logScale, type Scale, shortNumber } from './scales.js';
import type { Session } from './session.js';
import { element, line, PLOT, picture, text, WIDTH } from './svg.js';

const ROW = 26;
const BAR = 14;
const FOOT = 52;

/** The chart of a session, as its benchmark wants it. */
export function drawChart(data: Session): string {
  const { chart } = data.benchmark;
  if (chart.kind === 'lines') return lineChart(data, chart);
  return chart.kind === 'bars' ? barChart(data, chart) : percentileChart(data, chart);
}

function barChart(data: Session, { axis, figure }: Extract<ChartSpec, { kind: 'bars' }>): string {
  const { benchmark, lanes } = data;
  const spreads = lanes.map((lane) => lane.figures[figure]!);
  const { title, digits } = benchmark.figures.find(({ key }) => key === figure)!;
  const goals = benchmark.goals.filter(({ of }) => of === title);
  const bounds = [...new Set(goals.map(({ bound }) => bound))];
  const scale = linearScale(Math.max(...bounds, ...spreads.map(({ max }) => max)), PLOT.left, PLOT.right);
  const rows = lanes.map(({ label }, i) => {
    const spread = spreads[i]!;
    const y = rowMiddle(i);
    return [
      laneLabel(label, y),
      element('rect', {
        class: benchmark.ours.includes(label) ? 'ours' : 'other',
        x: PLOT.left,
        y: y - BAR / 2,
        width: Math.max(1, scale.at(spread.median) - PLOT.left),
        height: BAR,
      }),
      ...whisker(scale, spread, y),
      text(scale.at(spread.max) + 8, y + 4, spread.median.toFixed(digits)),
    ].join('');
  });
  const how = `bars: medians of ${rounds(data)}; lines: from the smallest to the largest`;
  return frame(data, axis, scale, how, [
    ...rows,
    ...bounds.map((bound) => goalLine(scale.at(bound), `goal ${shortNumber(bound)}`, lanes.length)),
  ]);
}

function percentileChart(
  data: Session,
  { axis, unit, figures }: Extract<ChartSpec, { kind: 'percentiles' }>,
): string {
  const { benchmark, lanes } = data;
  const [first = ''] = figures;
  const values = lanes.flatMap((lane) => figures.map((key) => lane.figures[key]!));
  const positive = values.map(({ min }) => min).filter((min) => min > 0);
  const lowest = positive.length > 0 ? Math.min(...positive) : 1;
  const scale = logScale(lowest, Math.max(...values.map(({ max }) => max)), PLOT.left, PLOT.right);
  const rows = lanes.map((lane, i) => {
    const y = rowMiddle(i);
    const median = lane.figures[first]!;
    const places = figures.map((key) => scale.at(lane.figures[key]!.median));
    const tail = places.slice(1).map((x) => line(x, y - 4, x, y + 4, 'range'));
    return [
      laneLabel(lane.label, y),
      line(places[0]!, y, places.at(-1)!, y, 'range'),
      ...tail,
      ...whisker(scale, median, y),
      element('circle', {
        class: benchmark.ours.includes(lane.label) ? 'ours' : 'other',
        cx: places[0]!,
        cy: y,
        r: 5,
      }),
      text(WIDTH - 20, y + 4, `${shortNumber(median.median)} ${unit}`, { 'text-anchor': 'end' }),
    ].join('');
  });
  const [dot, ...tails] = figures.map((key) => key.split(',')[0]);
  const how = `dots: ${dot}; ticks: ${tails.join(', ')}; medians of ${rounds(data)}; bold lines: the spread of ${dot}`;
  return frame(data, `${axis}, logarithmic`, scale, how, rows);
}

function frame(
  { benchmark, results, lanes, node }: Session,
  axis: string,
  scale: Scale,
  how: string,
  content: readonly string[],
): string {
  const bottom = PLOT.top + lanes.length * ROW;
  const grid = scale.ticks.map((tick) => {
    const x = scale.at(tick);
    return (
      line(x, PLOT.top, x, bottom, tick === scale.ticks[0] ? 'axis' : 'grid') +
      text(x, bottom + 18, shortNumber(tick), { class: 'muted', 'text-anchor': 'middle' })
    );
  });
  const middle = (PLOT.left + PLOT.right) / 2;
  const title = `${benchmark.title.replaceAll('`', '')}, ${node}`;
  return picture(title, how, bottom + FOOT, [
    ...grid,
    ...content,
    text(middle, bottom + 40, axis, { 'text-anchor': 'middle' }),
    element('desc', {}, machineText(results.machine)),
  ]);
}

function rowMiddle(row: number): number {
  return PLOT.top + (row + 0.5) * ROW;
}

function laneLabel(label: string, y: number): string {
  return text(PLOT.left - 10, y + 4, label, { 'text-anchor': 'end' });
}

/** The spread of observations, where they differ. */
function whisker(scale: Scale, { min, max }: Spread, y: number): string[] {
  const [from, to] = [scale.at(min), scale.at(max)];
  if (to - from < 1) return [];
  return [
    line(from, y, to, y, 'spread'),
    line(from, y - 4, from, y + 4, 'spread'),
    line(to, y - 4, to, y + 4, 'spread'),
  ];
}

function goalLine(x: number, label: string, rows: number): string {
  const bottom = PLOT.top + rows * ROW;
  return (
    line(x, PLOT.top - 4, x, bottom, 'goal') +
    text(x, PLOT.top - 8, label, { class: 'goal-text', 'text-anchor': 'middle' })
  );
}

function rounds({ results: { rounds } }: Session): string {
  return rounds === 1 ? 'one process' : `${rounds} processes`;
}
