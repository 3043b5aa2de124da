// A session's results as a table for the terminal

import type { LaneStatistics, Spread } from './statistics.js';

/** One row a contestant: its rate, its ratios to the baselines, collections, memory; medians with [min..max]. */
export function resultsTable(lanes: readonly LaneStatistics[], baselines: readonly string[]): string {
  const head = [
    'contestant',
    'M records/s',
    ...baselines.map((label) => `× ${label}`),
    'collections',
    'ms in them',
    'peak MB',
  ];
  const rows = lanes.map((lane) => [
    lane.label,
    cell(lane.rate, 1),
    ...baselines.map((label) => {
      const ratio = lane.ratios[label];
      return ratio === undefined || label === lane.label ? '–' : cell(ratio, 2);
    }),
    lane.collections.median.toFixed(0),
    lane.collectionMs.median.toFixed(0),
    lane.peakRssMb.median.toFixed(0),
  ]);
  return alignColumns([head, ...rows]);
}

function cell({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} [${min.toFixed(digits)}..${max.toFixed(digits)}]`;
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!)))
        .join('   '),
    )
    .join('\n');
}
