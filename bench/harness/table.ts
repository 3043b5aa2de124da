// A session's results as rows of cells, and as a table for the terminal
import type { LaneStatistics, Outcome, Rules, Spread } from './statistics.js';

/** Tables of results, each with a head and a row for each lane: medians, with [min..max] where observations differ. */
export function resultsTables(lanes: readonly LaneStatistics[], rules: Rules): string[][][] {
  const figures = rules.figures
    .filter(({ key }) => lanes.some((lane) => !Number.isNaN(lane.figures[key]?.median)))
    .map(({ key, title, digits }) => column(title, digits, (lane) => lane.figures[key]));
  const comparisons = rules.comparisons
    .filter(({ title }) => lanes.some((lane) => title in lane.comparisons))
    .map(({ title, digits }) => column(title, digits, (lane) => lane.comparisons[title]));
  // A single comparison stands beside the figure that it compares.
  if (comparisons.length < 2)
    return [table(lanes, [...figures.slice(0, 1), ...comparisons, ...figures.slice(1)])];
  const compared = lanes.filter((lane) => Object.keys(lane.comparisons).length > 0);
  return [table(lanes, figures), table(compared, comparisons)];
}

interface Column {
  readonly title: string;
  cell(lane: LaneStatistics): string;
}

function column(title: string, digits: number, of: (lane: LaneStatistics) => Spread | undefined): Column {
  return { title, cell: (lane) => spreadText(of(lane), digits) };
}

function table(lanes: readonly LaneStatistics[], columns: readonly Column[]): string[][] {
  const head = ['', ...columns.map(({ title }) => title)];
  return [head, ...lanes.map((lane) => [lane.label, ...columns.map(({ cell }) => cell(lane))])];
}

/** `median [min..max]`, only the median where they are the same in print, a dash for nothing. */
export function spreadText(spread: Spread | undefined, digits: number): string {
  if (spread === undefined || Number.isNaN(spread.median)) return '–';
  const [median, min, max] = [spread.median, spread.min, spread.max].map((value) => value.toFixed(digits));
  return min === max ? `${median}` : `${median} [${min}..${max}]`;
}

/** What became of a goal, in words. */
export function outcomeText(outcome: Outcome, { figures, comparisons }: Rules): string {
  const either = alternatives(outcome);
  const asked = either.map(({ goal }) => `${goal.of} ${goal.must} ${goal.bound}`).join(', or ');
  const values = either.map(({ goal, value }) => {
    const digits = [...figures, ...comparisons].find(({ title }) => title === goal.of)?.digits ?? 2;
    return value === undefined ? 'not observed' : spreadText(value, digits);
  });
  const isObserved = either.some(({ value }) => value !== undefined);
  const what = !isObserved ? 'not observed' : `${outcome.met ? 'met' : 'missed'}, ${values.join(' and ')}`;
  return `${outcome.goal.lane}: ${asked}: ${what}`;
}

/** The goals of all sessions in words: how many are met, and first of all which are missed. */
export function goalsText(told: readonly { readonly outcome: Outcome; readonly text: string }[]): string {
  const parts = { missed: [] as string[], 'not observed': [] as string[], met: [] as string[] };
  for (const { outcome, text } of told) {
    const isObserved = alternatives(outcome).some(({ value }) => value !== undefined);
    parts[outcome.met ? 'met' : isObserved ? 'missed' : 'not observed'].push(text);
  }
  const lists = Object.entries(parts).filter(([, texts]) => texts.length > 0);
  const counts = lists.map(([part, { length }]) => `${length} ${part}`).join(', ');
  return [`Goals: ${counts}`, ...lists.flatMap(([, texts]) => texts.map((text) => `  ${text}`))].join('\n');
}

/** A goal, and those that are as good. */
function alternatives(outcome: Outcome): Outcome[] {
  return [outcome, ...(outcome.or === undefined ? [] : alternatives(outcome.or))];
}

/** Rows with aligned columns, the first to the left. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))) ?? [];
  return rows
    .map((row) =>
      row
        .map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!)))
        .join('   '),
    )
    .join('\n');
}
